//! Where a text must not be split: inside of what people see as one character.
//!
//! These are the rules that matter for what people write, and not all of Unicode's: a text is split here
//! only where it has no space for thousands of characters.

use std::ops::RangeInclusive;

/// Joins the characters around it: an emoji of a family is several persons.
const JOINER: char = '\u{200D}';

/// Characters that change the one before them.
const MARKS: &[RangeInclusive<char>] = &[
    '\u{0300}'..='\u{036F}',
    '\u{0483}'..='\u{0489}',
    '\u{0591}'..='\u{05BD}',
    '\u{0610}'..='\u{061A}',
    '\u{064B}'..='\u{065F}',
    '\u{0900}'..='\u{0903}',
    '\u{093A}'..='\u{094F}',
    '\u{0981}'..='\u{0983}',
    '\u{09BC}'..='\u{09CD}',
    '\u{0E31}'..='\u{0E31}',
    '\u{0E34}'..='\u{0E3A}',
    '\u{0E47}'..='\u{0E4E}',
    // The vowels and ends of Korean syllables.
    '\u{1160}'..='\u{11FF}',
    '\u{1AB0}'..='\u{1AFF}',
    '\u{1DC0}'..='\u{1DFF}',
    '\u{200C}'..='\u{200D}',
    '\u{20D0}'..='\u{20FF}',
    '\u{3099}'..='\u{309A}',
    '\u{FE00}'..='\u{FE0F}',
    '\u{FE20}'..='\u{FE2F}',
    // Colours of skin, and the tags of which flags of regions are made.
    '\u{1F3FB}'..='\u{1F3FF}',
    '\u{E0020}'..='\u{E007F}',
    '\u{E0100}'..='\u{E01EF}',
];

/// Returns whether the characters around a place belong together for people, or for Discord, as the marks
/// around a code block do.
pub(crate) fn is_inside(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    match (last, first) {
        (JOINER, _) | ('\r', '\n') | ('`', '`') => true,
        (last, first) if is_of_flag(last) && is_of_flag(first) => {
            // Two make a flag.
            let before = before.chars().rev().take_while(|one| is_of_flag(*one));
            before.count() % 2 == 1
        }
        (_, first) => MARKS.iter().any(|marks| marks.contains(&first)),
    }
}

fn is_of_flag(character: char) -> bool {
    ('\u{1F1E6}'..='\u{1F1FF}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_see_as_one_is_not_parted() {
        for one in ["é", "👨‍👩‍👧", "👍🏽", "🇩🇪", "❤️", "\r\n", "```", "1️⃣"]
        {
            for (at, _) in one.char_indices().skip(1) {
                let (before, after) = one.split_at(at);
                assert!(is_inside(before, after), "{one} at {at}");
            }
        }
        for (before, after) in [("a", "b"), ("👍", "👍"), ("🇩🇪", "🇫🇷"), ("", "a"), ("a", "")]
        {
            assert!(!is_inside(before, after), "{before} {after}");
        }
    }
}
