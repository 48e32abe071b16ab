//! Short lists put in order by insertion: the standard library's sorts cost the page three kilobytes
//! for each kind of item, and no list here has more than a handful.

/// The items in the order of their keys; equal ones stay as they were.
pub fn in_order<T, K: PartialOrd>(items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut ordered: Vec<T> = Vec::new();
    for item in items {
        let place = ordered.iter().rposition(|other| key(other) <= key(&item)).map_or(0, |place| place + 1);
        ordered.insert(place, item);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_stay_as_they_were() {
        let words = in_order(["pear", "fig", "plum", "kiwi", "nut"], |word| word.len());
        assert_eq!(words, ["fig", "nut", "pear", "plum", "kiwi"]);
    }
}
