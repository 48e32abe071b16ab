//! A list that only grows, kept in chunks: what is in it never moves, so a long one is never copied.

/// How many items a chunk has; the first grows to this size as a list does.
const CHUNK: usize = 1 << 10;

/// How many bytes are asked for when the memory of wasm has to grow.
#[cfg(target_arch = "wasm32")]
const ROOM: usize = 1 << 20;

/// Items in the order in which they were added.
#[derive(Debug)]
pub(super) struct Log<T> {
    chunks: Vec<Vec<T>>,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { chunks: vec![Vec::new()] }
    }
}

impl<T> Log<T> {
    pub(super) fn len(&self) -> usize {
        let full = self.chunks.len() - 1;
        full * CHUNK + self.chunks[full].len()
    }

    pub(super) fn push(&mut self, item: T) {
        let last = self.chunks.len() - 1;
        if self.chunks[last].len() < CHUNK {
            return self.chunks[last].push(item);
        }
        make_room();
        let mut chunk = Vec::with_capacity(CHUNK);
        chunk.push(item);
        self.chunks.push(chunk);
    }

    pub(super) fn get(&self, place: usize) -> &T {
        &self.chunks[place / CHUNK][place % CHUNK]
    }

    /// The items from one place up to, but not including, another.
    pub(super) fn range(&self, (from, to): (usize, usize)) -> impl Iterator<Item = &T> {
        (from..to).map(|place| self.get(place))
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
        (0..3 * CHUNK).for_each(|item| log.push(item));
        assert_eq!(log.len(), 3 * CHUNK);
        assert!((0..log.len()).all(|place| *log.get(place) == place));
        let across: Vec<usize> = log.range((CHUNK - 1, CHUNK + 1)).copied().collect();
        assert_eq!(across, [CHUNK - 1, CHUNK]);
    }
}
