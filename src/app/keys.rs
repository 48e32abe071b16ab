//! The keys of the page: what each does, for the help list and for whoever presses them.

use super::{App, Clock, Msg, Speed};

/// The keys and what they do. Those without Ctrl can be turned off.
pub const KEYS: &[(&str, &str)] = &[
    ("Ctrl+Z", "one step back (undo)"),
    ("Ctrl+Shift+Z, Ctrl+Y", "one step forward (redo)"),
    ("p", "play or pause"),
    ("b", "one step back"),
    ("f", "one step forward"),
    ("-", "slower"),
    ("+", "faster"),
    ("+, -, 0, arrows", "in a diagram that has the focus: zoom, show all of it, move"),
];

/// Whether the page does something when this key is pressed; `command` is Ctrl or, on a Mac, Cmd.
pub fn is_key(key: &str, command: bool) -> bool {
    matches!((command, key), (true, "z" | "Z" | "y") | (false, "p" | "b" | "f" | "-" | "+"))
}

impl App {
    pub(super) fn press(&mut self, key: &str, (command, shift): (bool, bool)) {
        if !command && !self.settings.keys {
            return;
        }
        match key {
            "z" if !shift => drop(self.take(Msg::SteppedBack)),
            "b" => drop(self.take(Msg::SteppedBack)),
            "z" | "Z" | "y" | "f" => drop(self.take(Msg::SteppedForward)),
            "-" => self.change_speed(false),
            "+" => self.change_speed(true),
            _ if self.running == Clock::Running => self.pause(),
            _ => self.play(),
        }
    }

    fn change_speed(&mut self, faster: bool) {
        let place = Speed::ALL.iter().position(|speed| *speed == self.speed).unwrap_or_default();
        let place = if faster { place + 1 } else { place.saturating_sub(1) };
        self.speed = Speed::ALL.get(place).copied().unwrap_or(self.speed);
    }
}
