//! Texts that cannot be shown as they are: too long, or with marks that are not seen.

/// The text in at most so many characters; dots say that there was more.
pub fn shortened(text: &str, most: usize) -> String {
    let mut chars = text.chars();
    let mut shown: String = chars.by_ref().take(most).collect();
    if chars.next().is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

/// Whether a mark is not seen itself and says how others are: where lines run from right to left, or what a device
/// shall do.
fn is_unseen(mark: char) -> bool {
    let turns = matches!(mark, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || mark.is_control() && mark != '\n'
}

/// Writes a text's unseen marks out, as `\u{202e}`, so that they turn nothing round and are noticed.
pub fn reveal(text: &mut String) {
    if !text.contains(is_unseen) {
        return;
    }
    for mark in std::mem::take(text).chars() {
        if is_unseen(mark) {
            text.extend(mark.escape_unicode());
        } else {
            text.push(mark);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_turn_a_line_round_are_written_out_and_letters_of_any_script_stay() {
        let text = |name: &str| {
            let mut text = format!("oneimage create --name {name} --path /a");
            reveal(&mut text);
            text
        };
        assert_eq!(text("a\u{202E}b"), "oneimage create --name a\\u{202e}b --path /a");
        assert_eq!(text("\u{7}"), "oneimage create --name \\u{7} --path /a");
        assert_eq!(text("תמונה"), "oneimage create --name תמונה --path /a");
    }

    #[test]
    fn only_what_is_too_long_is_cut() {
        assert_eq!(shortened("größer", 6), "größer");
        assert_eq!(shortened("größere", 6), "größe…");
    }
}
