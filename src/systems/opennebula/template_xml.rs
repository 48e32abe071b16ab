//! Templates in XML: `Template::from_xml`, `Template::rebuild_attributes`.
//!
//! A simplification: a document with a type declaration counts as malformed, for it could declare anything.

use super::template::{Attribute, Values, attribute_name};

/// What stands between the tags of an element.
enum Node {
    Text(String),
    Element(Element),
    /// A comment or an instruction.
    Remark,
}

struct Element {
    name: String,
    inside: Vec<Node>,
}

/// How deep elements may lie in each other (`xmlParserMaxDepth`).
const MAX_DEPTH: usize = 256;

/// The attributes of a template in XML; none if it is malformed. What the root is called does not matter.
pub(super) fn read(text: &str) -> Option<Vec<Attribute>> {
    let is_allowed = |c: char| c >= ' ' || matches!(c, '\t' | '\n' | '\r');
    if !text.chars().all(is_allowed) {
        return None;
    }
    let mut reader = Reader { rest: text, depth: 0 };
    reader.around();
    let root = reader.element()?;
    reader.around();
    reader.rest.is_empty().then(|| root.inside.iter().filter_map(attribute).collect())
}

/// An element with a text and nothing else is a single attribute, one with elements is a vector; others say nothing.
fn attribute(node: &Node) -> Option<Attribute> {
    let Node::Element(Element { name, inside }) = node else { return None };
    if let [Node::Text(value)] = &inside[..] {
        return Some(Attribute::Single(attribute_name(name), value.clone()));
    }
    let mut is_vector = false;
    let mut values = Values::new();
    for node in inside {
        let Node::Element(Element { name, inside }) = node else { continue };
        is_vector = true;
        if let Some(Node::Text(value)) = inside.first() {
            values.retain(|(own, _)| own != name);
            values.push((name.clone(), value.clone()));
        }
    }
    is_vector.then(|| Attribute::Vector(attribute_name(name), values))
}

/// What is left of a document.
struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Goes on behind `word`, if it comes next.
    fn skip(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What comes before `end`, which must come; goes on behind it.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(before)
    }

    /// Leaves out blanks; whether there were any.
    fn blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let were_there = rest.len() < self.rest.len();
        self.rest = rest;
        were_there
    }

    /// A comment or an instruction, if one comes next and ends.
    fn remark(&mut self) -> Option<()> {
        if self.rest.starts_with("<!--") {
            self.skip("<!--");
            return self.until("--").filter(|_| self.skip(">")).map(|_| ());
        }
        if self.skip("<?") { self.until("?>").map(|_| ()) } else { None }
    }

    /// What may stand around the root.
    fn around(&mut self) {
        while self.blanks() || self.remark().is_some() {}
    }

    fn name(&mut self) -> Option<&'a str> {
        let begins = |c: char| c.is_alphabetic() || c == '_' || c == ':';
        let goes_on = |c: char| begins(c) || c.is_ascii_digit() || c == '-' || c == '.';
        let end = self.rest.find(|c: char| !goes_on(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name.starts_with(begins).then_some(name)
    }

    fn element(&mut self) -> Option<Element> {
        self.depth += 1;
        if self.depth > MAX_DEPTH || !self.skip("<") {
            return None;
        }
        let name = self.name()?;
        let inside = if self.has_content()? { self.content(name)? } else { Vec::new() };
        self.depth -= 1;
        Some(Element { name: name.to_owned(), inside })
    }

    /// Reads over the attributes in a tag; whether an end tag belongs to it.
    fn has_content(&mut self) -> Option<bool> {
        loop {
            let is_apart = self.blanks();
            if self.skip("/>") {
                return Some(false);
            }
            if self.skip(">") {
                return Some(true);
            }
            self.name().filter(|_| is_apart)?;
            self.blanks();
            if !self.skip("=") {
                return None;
            }
            self.blanks();
            let quote = ["\"", "'"].into_iter().find(|quote| self.skip(quote))?;
            decode(self.until(quote).filter(|value| !value.contains('<'))?)?;
        }
    }

    /// What stands in an element, up to and with its end tag.
    fn content(&mut self, name: &str) -> Option<Vec<Node>> {
        let mut nodes = Vec::new();
        loop {
            if self.skip("</") {
                let ends = self.name() == Some(name);
                self.blanks();
                return (ends && self.skip(">")).then_some(nodes);
            }
            nodes.push(if self.skip("<![CDATA[") {
                Node::Text(self.until("]]>")?.to_owned())
            } else if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
                self.remark()?;
                Node::Remark
            } else if self.rest.starts_with('<') {
                Node::Element(self.element()?)
            } else {
                let (text, rest) = self.rest.split_at(self.rest.find('<')?);
                self.rest = rest;
                Node::Text(decode(text).filter(|_| !text.contains("]]>"))?)
            });
        }
    }
}

/// A text with its references replaced; none if one of them stands for nothing.
fn decode(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once(';')?;
        decoded.push(match reference {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            number => char::from_u32(match number.strip_prefix("#x") {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.strip_prefix('#')?.parse().ok()?,
            })?,
        });
        decoded.push_str(rest);
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_become_attributes_as_the_daemon_makes_them() {
        let single = |name: &str, value: &str| Attribute::Single(name.into(), value.into());
        let text = "<?xml version=\"1.0\"?>\n<T a='1'><!-- why --><x>a &lt; b</x>\n<1X/></T>";
        assert_eq!(read(text), None, "no element begins with a digit");
        let text = "<?xml version=\"1.0\"?>\n<T a='1'><!-- why --><x>a &lt; b</x>\n<NOTE><![CDATA[<&>]]></NOTE>\
                    <EMPTY></EMPTY><GONE/><BLANK> </BLANK><TWO>a<![CDATA[b]]></TWO></T>\n";
        let expected = vec![single("X", "a < b"), single("NOTE", "<&>"), single("BLANK", " ")];
        assert_eq!(read(text), Some(expected));
        let values = vec![("b".to_owned(), "2".to_owned()), ("A".to_owned(), "3".to_owned())];
        let text = "<T><V> <A>1</A><b>2</b><A>3</A><C/></V></T>";
        assert_eq!(read(text), Some(vec![Attribute::Vector("V".into(), values)]));
        assert_eq!(read("<T/>"), Some(vec![]));
    }

    #[test]
    fn what_is_no_document_is_malformed() {
        for text in [
            "<",
            "<T>",
            "<T></t>",
            "<T/><T/>",
            "<T/>text",
            "<T a=1/>",
            "<T a='1'b='2'/>",
            "<T>&nbsp;</T>",
            "<T>a & b</T>",
            "<T>]]></T>",
            "<T><!-- -- --></T>",
            "<!DOCTYPE T><T/>",
            "<T>\u{1}</T>",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(read(&("<T>".repeat(300) + &"</T>".repeat(300))), None, "too deep");
    }
}
