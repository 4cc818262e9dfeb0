//! Making a text of others harmless: names instead of mentions, and no pings.

use std::collections::HashMap;
use std::fmt;

use twilight_model::channel::Message;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, RoleMarker, UserMarker};

use crate::text::markdown::Markdown;

/// Stands between `@` and the name, so that nobody is mentioned. It is invisible.
const ZERO_WIDTH: char = '\u{200B}';

/// Returns the text of a message with names instead of mentions, as [`Cleaner::of`] knows them.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
/// use cordial::text::clean_content;
///
/// #[listener]
/// async fn echoes(ctx: &Context, message: &MessageCreate) -> Result<()> {
///     ctx.reply(clean_content(message)).await?;
///     Ok(())
/// }
/// ```
#[must_use]
pub fn clean_content(message: &Message) -> String {
    Cleaner::of(message).clean(&message.content)
}

/// Replaces mentions in a text by names.
///
/// The text then reads well where mentions mean nothing, such as in a log or an embed's title, and pings
/// nobody.
///
/// Unknown names become `@deleted-user`, `@deleted-role` or `#deleted-channel`. `@everyone` and `@here`
/// stay readable, but ping nobody.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
/// use cordial::text::Cleaner;
///
/// let cleaner = Cleaner::new().user(Id::new(1), "ada").role(Id::new(2), "mods");
///
/// assert_eq!(cleaner.clean("<@1>, ask the <@&2>"), "@ada, ask the @mods");
/// assert!(!cleaner.clean("@everyone").contains("@everyone"));
/// ```
#[derive(Clone, Default)]
#[must_use = "it changes nothing: `clean` returns the text"]
pub struct Cleaner {
    users: HashMap<Id<UserMarker>, String>,
    /// The nicknames of users in the guild, which take precedence.
    nicknames: HashMap<Id<UserMarker>, String>,
    roles: HashMap<Id<RoleMarker>, String>,
    channels: HashMap<Id<ChannelMarker>, String>,
    markdown: Markdown,
}

impl Cleaner {
    /// Creates a cleaner that knows no names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a cleaner that knows the names in a message.
    ///
    /// These are those of the users it mentions, as the guild knows them, and of channels if the message
    /// was crossposted. Discord sends no others: add those that you know.
    pub fn of(message: &Message) -> Self {
        let mut cleaner = Self::new().user(message.author.id, &message.author.name);
        for mentioned in &message.mentions {
            cleaner = cleaner.user(mentioned.id, &mentioned.name);
            let member = mentioned.member.as_ref();
            if let Some(nickname) = member.and_then(|member| member.nick.as_ref()) {
                cleaner.nicknames.insert(mentioned.id, nickname.clone());
            }
        }
        for mentioned in &message.mention_channels {
            cleaner = cleaner.channel(mentioned.id, &mentioned.name);
        }
        cleaner
    }

    /// Adds the name of a user.
    pub fn user(mut self, id: Id<UserMarker>, name: impl Into<String>) -> Self {
        self.users.insert(id, name.into());
        self
    }

    /// Adds the name of a role.
    pub fn role(mut self, id: Id<RoleMarker>, name: impl Into<String>) -> Self {
        self.roles.insert(id, name.into());
        self
    }

    /// Adds the name of a channel.
    pub fn channel(mut self, id: Id<ChannelMarker>, name: impl Into<String>) -> Self {
        self.channels.insert(id, name.into());
        self
    }

    /// Uses the names that users have everywhere, instead of those in the guild.
    pub fn without_nicknames(mut self) -> Self {
        self.nicknames.clear();
        self
    }

    /// Escapes markdown, so that it is shown as written.
    pub fn escape_markdown(mut self) -> Self {
        self.markdown = Markdown::Escaped;
        self
    }

    /// Removes markdown.
    pub fn remove_markdown(mut self) -> Self {
        self.markdown = Markdown::Removed;
        self
    }

    /// Returns a text with names instead of mentions.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('<') {
            let (before, from) = rest.split_at(start);
            self.markdown.add(before, &mut clean);
            let Some((tag, after)) = tag(from) else {
                self.markdown.add("<", &mut clean);
                rest = &from[1..];
                continue;
            };
            match self.name(tag) {
                Some(name) => self.markdown.add(&name, &mut clean),
                // Emoji and times stay as they are.
                None => clean.extend(["<", tag, ">"]),
            }
            rest = after;
        }
        self.markdown.add(rest, &mut clean);
        defused(&clean)
    }

    /// Returns the name for the text between `<` and `>`, if that is a mention.
    fn name(&self, tag: &str) -> Option<String> {
        let or = |name: Option<&String>, unknown: &str| {
            let name = name.map_or(unknown, String::as_str);
            name.to_owned()
        };
        if let Some(id) = tag.strip_prefix("@&") {
            let role = self.roles.get(&id.parse().ok()?);
            return Some(format!("@{}", or(role, "deleted-role")));
        }
        if let Some(id) = tag.strip_prefix('@') {
            let id = id.strip_prefix('!').unwrap_or(id).parse().ok()?;
            let user = self.nicknames.get(&id).or_else(|| self.users.get(&id));
            return Some(format!("@{}", or(user, "deleted-user")));
        }
        if let Some(id) = tag.strip_prefix('#') {
            let channel = self.channels.get(&id.parse().ok()?);
            return Some(format!("#{}", or(channel, "deleted-channel")));
        }
        let (name, _) = tag.strip_prefix('/')?.rsplit_once(':')?;
        Some(format!("/{name}"))
    }
}

impl fmt::Debug for Cleaner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The number of names, and not the names.
        f.debug_struct("Cleaner")
            .field("users", &self.users.len())
            .field("roles", &self.roles.len())
            .field("channels", &self.channels.len())
            .field("markdown", &self.markdown)
            .finish_non_exhaustive()
    }
}

/// Splits markup that Discord replaces off the beginning of a text: `<@1>`, `<a:wave:2>`, `</roll:3>`,
/// `<t:4:R>`. Returns what is in it, and what is after it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let (tag, after) = text.strip_prefix('<')?.split_once('>')?;
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let id_after = |signs: &[&str]| {
        let mut rests = signs.iter().filter_map(|sign| tag.strip_prefix(sign));
        rests.any(is_id)
    };
    let is_mention = id_after(&["@", "@!", "@&", "#"]);
    let ends_with_id = tag.rsplit_once(':').is_some_and(|(_, id)| is_id(id));
    let is_line = !tag.contains(['<', '\n']);
    let is_named = ["/", ":", "a:"].iter().any(|sign| tag.starts_with(sign));
    let is_time = tag.starts_with("t:");
    (is_mention || is_line && (is_time || is_named && ends_with_id)).then_some((tag, after))
}

/// Changes a text so that it pings nobody.
fn defused(text: &str) -> String {
    let mut defused = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at + 1);
        defused.push_str(before);
        let id = after.strip_prefix(['!', '&']).unwrap_or(after);
        let is_call = after.starts_with("everyone") || after.starts_with("here");
        if is_call || id.starts_with(|character: char| character.is_ascii_digit()) {
            defused.push(ZERO_WIDTH);
        }
        rest = after;
    }
    defused.push_str(rest);
    defused
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaner() -> Cleaner {
        Cleaner::new()
            .user(Id::new(1), "ada_l")
            .role(Id::new(2), "mods")
            .channel(Id::new(3), "general")
    }

    #[test]
    fn mentions_become_names() {
        let clean = cleaner().clean("<@1> <@!1> of <@&2> in <#3>: </roll dice:4>");

        assert_eq!(clean, "@ada_l @ada_l of @mods in #general: /roll dice");
    }

    #[test]
    fn what_has_no_name_is_said_to_be_deleted() {
        let clean = cleaner().clean("<@9> <@&9> <#9>");

        assert_eq!(clean, "@deleted-user @deleted-role #deleted-channel");
    }

    #[test]
    fn what_is_no_mention_stays_as_it_is() {
        for text in [
            "",
            "1 < 2 > 1",
            "<>",
            "<@>",
            "<@x>",
            "<:party_time:5>",
            "<a:wave:5>",
            "<t:1700000000:R>",
            "a@example.org",
            "<https://example.org>",
            "@Everyone",
        ] {
            assert_eq!(cleaner().clean(text), text);
        }
    }

    #[test]
    fn nobody_is_called() {
        let of_names = Cleaner::new()
            .user(Id::new(1), "everyone")
            .user(Id::new(2), "<@3");

        assert_eq!(
            cleaner().clean("@everyone @here"),
            "@\u{200B}everyone @\u{200B}here"
        );
        assert_eq!(of_names.clean("<@1>"), "@\u{200B}everyone");
        assert_eq!(of_names.clean("<@2>>"), "@<@\u{200B}3>");
        assert_eq!(of_names.clean("<<@1>@5>"), "<@\u{200B}everyone@\u{200B}5>");
        // An id that is too large for one.
        assert_eq!(
            cleaner().clean("<@99999999999999999999>"),
            "<@\u{200B}99999999999999999999>"
        );
    }

    #[test]
    fn markdown_is_escaped_or_removed_in_names_too_and_not_in_emoji() {
        let text = "*hi* <@1> <:a_b:5>";

        assert_eq!(
            cleaner().escape_markdown().clean(text),
            "\\*hi\\* @ada\\_l <:a_b:5>"
        );
        assert_eq!(cleaner().remove_markdown().clean(text), "hi @adal <:a_b:5>");
    }

    #[test]
    fn its_debug_form_names_nobody() {
        assert!(!format!("{:?}", cleaner()).contains("ada"));
    }

    /// Returns whether Discord would call somebody for a text.
    fn calls(text: &str) -> bool {
        let is_mention = |from: &str| {
            let id = from.strip_prefix("<@").unwrap_or_default();
            let id = id.strip_prefix(['!', '&']).unwrap_or(id);
            let digits = id.bytes().take_while(u8::is_ascii_digit).count();
            digits > 0 && id[digits..].starts_with('>')
        };
        let mut places = text.match_indices('<').map(|(at, _)| &text[at..]);
        text.contains("@everyone") || text.contains("@here") || places.any(is_mention)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn whatever_is_written_and_whoever_is_called_what_calls_nobody(
            pieces in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(vec![
                        "<", "@", "!", "&", ">", "1", "2", "<@1>", "<@&2>", "#", "everyone", "here", "\\",
                        "*", ":", "<@", "a", "/",
                    ])
                    .prop_map(str::to_owned),
                    ".{0,3}",
                ],
                0..20,
            ),
            name in prop::sample::select(vec!["<@1", "everyone", "@here", "1>", "<", "@", "<@1>", "*"]),
            markdown in 0..3,
        ) {
            let cleaner = Cleaner::new().user(Id::new(1), name).role(Id::new(2), name);
            let cleaner = match markdown {
                0 => cleaner,
                1 => cleaner.escape_markdown(),
                _ => cleaner.remove_markdown(),
            };

            let clean = cleaner.clean(&pieces.concat());

            prop_assert!(!calls(&clean), "{clean:?}");
        }
    }
}
