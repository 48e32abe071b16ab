//! The list of one cloud's images: filtered, ordered, and only as much of it made as is seen.

use crate::engine::ImageId;
use crate::engine::host::Cloud;
use crate::engine::present::{Cell, ImageRow};

/// So many rows are made at a time: what is seen, and some on both sides.
const WINDOW: usize = 32;

/// A way to pick a list's images out of a cloud's.
type Pick = fn(&List, &dyn Cloud) -> Vec<ImageId>;

/// How one list is looked at.
#[derive(Default, Debug)]
pub(super) struct List {
    /// Counts the sessions that were shown: each begins with lists of its own.
    pub(super) number: u32,
    /// Words that a row must have in its id, its name or its state.
    filter: String,
    /// The column that it is ordered by, and whether downwards; `None`: as the real command does.
    order: Option<(usize, bool)>,
    /// How the images are picked; `None` until a filter or an order was asked for: all of them. It comes
    /// from there, so that a list on film does without.
    pick: Option<Pick>,
    /// The first row that is made.
    first: usize,
    /// The images in the order of the list.
    images: Vec<ImageId>,
}

/// What is shown of a list.
#[derive(Clone, PartialEq, Debug)]
pub struct ListView {
    /// See [`List::number`].
    pub number: u32,
    /// See [`List::filter`].
    pub filter: String,
    /// See [`List::order`].
    pub order: Option<(usize, bool)>,
    /// How many rows lie before those that are here.
    pub first: usize,
    /// The rows.
    pub rows: Vec<ImageRow>,
    /// How many rows there are in all.
    pub total: usize,
}

impl List {
    /// Brings the list up to date with the world of `cloud`, which has these images.
    pub(super) fn refresh(&mut self, cloud: &dyn Cloud, images: &[(ImageId, usize)]) {
        self.images = match self.pick {
            Some(pick) => pick(self, cloud),
            None => images.iter().map(|(image, _)| *image).collect(),
        };
        self.show(self.first);
    }

    /// Picks its images anew.
    fn pick(&mut self, cloud: &dyn Cloud) {
        self.pick = Some(Self::picked);
        self.refresh(cloud, &[]);
    }

    /// The images that the filter takes, in the order that was asked for.
    fn picked(&self, cloud: &dyn Cloud) -> Vec<ImageId> {
        let filter = Filter::new(&self.filter, cloud);
        let mut images = Vec::with_capacity(cloud.image_count());
        cloud.each_image(&mut |image, state, name| {
            if filter.takes(image, state, name) {
                images.push(image);
            }
        });
        let Some((column, downwards)) = self.order else { return images };
        let ranks: Vec<_> = images.iter().map(|image| rank(&cloud.cell(*image, column))).collect();
        let mut places: Vec<usize> = (0..images.len()).collect();
        // The other sort of a small standard library takes twice as many steps.
        places.sort_by(|one, other| ranks[*one].cmp(&ranks[*other]));
        images = places.into_iter().map(|place| images[place]).collect();
        if downwards {
            images.reverse();
        }
        images
    }

    /// Shows what has `text` in it, from its beginning.
    pub(super) fn filter(&mut self, text: String, cloud: &dyn Cloud) {
        self.filter = text;
        self.first = 0;
        self.pick(cloud);
    }

    /// Orders by a column: upwards, then downwards, then as the real command does.
    pub(super) fn order_by(&mut self, column: usize, cloud: &dyn Cloud) {
        self.order = match self.order {
            Some((known, false)) if known == column => {
                self.order = Some((column, true));
                self.images.reverse();
                return self.show(self.first);
            }
            Some((known, true)) if known == column => None,
            _ => Some((column, false)),
        };
        self.pick(cloud);
    }

    /// Makes the rows from this one on.
    pub(super) fn show(&mut self, first: usize) {
        self.first = first.min(self.images.len().saturating_sub(WINDOW / 2));
    }

    /// The image so many rows below `from`, and its place.
    pub(super) fn step(&self, from: Option<ImageId>, rows: isize) -> Option<(usize, ImageId)> {
        let last = self.images.len().checked_sub(1)?;
        let at = from.and_then(|from| self.images.iter().position(|image| *image == from));
        let to = at.map_or(0, |at| at.saturating_add_signed(rows).min(last));
        Some((to, self.images[to]))
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.images.len()
    }

    /// What is shown.
    pub(super) fn view(&self, cloud: &dyn Cloud) -> ListView {
        let rows = self.images.iter().skip(self.first).take(WINDOW);
        ListView {
            number: self.number,
            filter: self.filter.clone(),
            order: self.order,
            first: self.first,
            rows: rows.filter_map(|image| cloud.image(*image)).collect(),
            total: self.images.len(),
        }
    }
}

/// The words of a filter.
struct Filter<'a>(Vec<Word<'a>>);

/// One of them: an image has it in its name, as its id, or in the name of its state.
struct Word<'a> {
    text: &'a str,
    id: Option<u32>,
    states: Vec<bool>,
}

impl<'a> Filter<'a> {
    fn new(text: &'a str, cloud: &dyn Cloud) -> Self {
        let states = cloud.states();
        let word = |text| {
            let states = states.iter().map(|state| has(state, text)).collect();
            Word { text, id: text.parse().ok(), states }
        };
        Self(text.split_whitespace().map(word).collect())
    }

    fn takes(&self, image: ImageId, state: usize, name: &str) -> bool {
        self.0.iter().all(|word| word.states[state] || word.id == Some(image.0) || has(name, word.text))
    }
}

/// Whether a name has a word in it, in letters of either case.
fn has(name: &str, word: &str) -> bool {
    name.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// So many bytes of a word are in the number that it is ordered by.
const IN_RANK: usize = 15;

/// What a cell is ordered by: amounts by how much they are, before all words. A word is ordered by its first
/// bytes as a number, because comparing texts takes most of the time of sorting; what is left of a long one
/// decides where these are the same.
fn rank(cell: &Cell<'_>) -> (u128, String) {
    let word = match cell {
        Cell::Amount(amount, _) => return ((*amount).into(), String::new()),
        Cell::Word(word) => word.as_bytes(),
    };
    let (first, rest) = word.split_at(word.len().min(IN_RANK));
    let mut rank = [0; IN_RANK + 1];
    rank[0] = 1;
    rank[1..=first.len()].copy_from_slice(first);
    rank.make_ascii_lowercase();
    let rest = rest.iter().map(|letter| char::from(letter.to_ascii_lowercase())).collect();
    (u128::from_be_bytes(rank), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SimTime;
    use crate::engine::present::Verb;
    use crate::engine::session::Session;
    use crate::systems;

    /// Two hundred images of the first cloud, image-0 withheld.
    fn session() -> Session {
        let mut session = Session::new(systems::clouds(SimTime(1)));
        let mut ask = |verb: Verb<'_>| {
            let line = session.cloud(0).verb(verb).expect("the cloud has this verb");
            session.perform(0, &line).expect("the line of a verb is an action");
            session.advance(session.now() + SimTime(2));
        };
        (0..200).for_each(|n| ask(Verb::Create { name: &format!("image-{n}"), persistent: false }));
        ask(Verb::Withhold(ImageId(0)));
        session
    }

    fn ids(list: &List, cloud: &dyn Cloud) -> Vec<u32> {
        list.view(cloud).rows.iter().map(|row| row.id.0).collect()
    }

    #[test]
    fn a_list_is_filtered_by_words_of_the_name_the_id_and_the_state() {
        let session = session();
        let (cloud, mut list) = (session.cloud(0), List::default());
        list.filter("IMAGE-19".to_owned(), cloud);
        assert_eq!(list.len(), 11);
        list.filter("image disabled".to_owned(), cloud);
        assert_eq!(ids(&list, cloud), [0]);
        list.filter("150".to_owned(), cloud);
        assert_eq!(ids(&list, cloud), [150]);
        list.filter("nothing".to_owned(), cloud);
        assert_eq!(list.step(None, 1), None);
    }

    #[test]
    fn a_column_orders_upwards_then_downwards_then_no_more() {
        let session = session();
        let (cloud, mut list) = (session.cloud(0), List::default());
        let mut first = || {
            list.order_by(0, cloud);
            ids(&list, cloud)[0]
        };
        assert_eq!([first(), first(), first()], [0, 199, 199]);
    }

    #[test]
    fn only_a_window_of_the_rows_is_made_and_keys_go_beyond_it() {
        let session = session();
        let (cloud, mut list) = (session.cloud(0), List::default());
        list.pick(cloud);
        assert_eq!(list.view(cloud).rows.len(), WINDOW);
        assert_eq!(list.step(Some(ImageId(199)), 100), Some((100, ImageId(99))));
        assert_eq!(list.step(Some(ImageId(99)), isize::MAX), Some((199, ImageId(0))));
        list.show(5_000);
        assert!(!list.view(cloud).rows.is_empty());
    }

    #[test]
    fn amounts_are_ordered_by_how_much_they_are_and_before_words() {
        let amount = |amount| Cell::Amount(amount, |amount| format!("{amount}M"));
        assert!(
            [amount(9), amount(10), amount(900), "1".into(), "no".into()].map(|cell| rank(&cell)).is_sorted()
        );
    }

    #[test]
    fn words_are_ordered_by_their_letters_however_long_they_are() {
        let cells =
            ["a", "B", "image", "image-10", "image-2", "the-same-beginning-1", "The-same-beginning-2", "é"];
        assert!(cells.map(|cell| rank(&cell.into())).is_sorted());
        assert_eq!(rank(&"READY".into()), rank(&"ready".into()));
    }
}
