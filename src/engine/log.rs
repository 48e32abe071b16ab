//! A list that only grows, kept in chunks: what is in it never moves, so a long one is never copied.

/// How many items a chunk has; the first grows to this size as a list does.
const CHUNK: usize = 1 << 10;

/// How many bytes are asked for when the memory of wasm has to grow.
#[cfg(target_arch = "wasm32")]
const ROOM: usize = 1 << 20;

/// Items in the order in which they were added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Log<T> {
    /// The chunks that are full.
    full: Vec<Vec<T>>,
    last: Vec<T>,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }
}

impl<T> Log<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.last.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.last.is_empty() && self.full.is_empty()
    }

    /// Adds an item at the end, and gives it.
    pub fn push(&mut self, item: T) -> &T {
        if self.last.len() == CHUNK {
            make_room();
            self.full.push(std::mem::replace(&mut self.last, Vec::with_capacity(CHUNK)));
        }
        self.last.push(item);
        &self.last[self.last.len() - 1]
    }

    /// The item at this place.
    ///
    /// # Panics
    /// There are not so many.
    pub fn get(&self, place: usize) -> &T {
        match self.full.get(place / CHUNK) {
            Some(chunk) => &chunk[place % CHUNK],
            None => &self.last[place - self.full.len() * CHUNK],
        }
    }

    /// The items from one place up to, but not including, another.
    pub fn range(&self, (from, to): (usize, usize)) -> impl Iterator<Item = &T> {
        (from..to).map(|place| self.get(place))
    }

    /// Every item, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.full.iter().flatten().chain(&self.last)
    }

    /// Takes every item out; the room of the last chunk is kept.
    pub fn clear(&mut self) {
        self.full.clear();
        self.last.clear();
    }
}

/// Lets the memory of wasm grow by megabytes: by itself it grows by a few kilobytes whenever something
/// does not fit, and every growth brings the browser's garbage collector into action.
fn make_room() {
    #[cfg(target_arch = "wasm32")]
    drop(std::hint::black_box(Vec::<u8>::with_capacity(ROOM)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_where_they_were_put() {
        let mut log = Log::default();
        for item in 0..3 * CHUNK {
            log.push(item);
        }
        assert_eq!(log.len(), 3 * CHUNK);
        assert!((0..log.len()).all(|place| *log.get(place) == place));
        let across: Vec<usize> = log.range((CHUNK - 1, CHUNK + 1)).copied().collect();
        assert_eq!(across, [CHUNK - 1, CHUNK]);
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn a_place_beyond_the_end_holds_nothing() {
        let mut log = Log::default();
        log.push('a');
        log.get(CHUNK);
    }
}
