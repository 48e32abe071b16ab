//! A short list of numbers in the order in which they were added. Nearly always there is only one, and
//! then nothing is allocated for the list.

/// Numbers. Two lists of the same numbers are equal: a single one is always [`Few::One`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Few {
    /// The only one.
    One(u32),
    /// Any others.
    More(Vec<u32>),
}

impl Few {
    /// The numbers, in order.
    pub fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(number) => std::slice::from_ref(number),
            Self::More(numbers) => numbers,
        }
    }

    /// Adds one at the end.
    pub fn push(&mut self, number: u32) {
        *self = self.as_slice().iter().copied().chain([number]).collect();
    }

    /// Takes one out.
    pub fn remove(&mut self, number: u32) {
        *self = self.as_slice().iter().copied().filter(|own| *own != number).collect();
    }
}

impl FromIterator<u32> for Few {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let numbers: Vec<u32> = numbers.into_iter().collect();
        if let [number] = *numbers { Self::One(number) } else { Self::More(numbers) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_the_order_in_which_they_were_added() {
        let mut few = Few::One(7);
        few.push(3);
        few.push(5);
        assert_eq!(few.as_slice(), [7, 3, 5]);
        few.remove(3);
        few.remove(7);
        assert_eq!(few, Few::One(5));
        few.remove(5);
        assert!(few.as_slice().is_empty());
    }
}
