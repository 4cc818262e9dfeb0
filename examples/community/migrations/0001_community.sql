-- Ids of Discord's are kept as integers. Times are in seconds since 1970.

CREATE TABLE warnings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    guild INTEGER NOT NULL,
    member INTEGER NOT NULL,
    moderator INTEGER NOT NULL,
    reason TEXT NOT NULL,
    given_at INTEGER NOT NULL
) STRICT;

CREATE INDEX warnings_of_members ON warnings (guild, member);

CREATE TABLE reminders (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    what TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    -- When it is sent, or tried again.
    next_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Whether the bot has begun to send it, and does not know yet what came of that.
    begun INTEGER NOT NULL DEFAULT 0,
    -- Why it is not tried any more.
    lost TEXT
) STRICT;

CREATE INDEX reminders_to_send ON reminders (next_at) WHERE lost IS NULL;
CREATE INDEX reminders_of_users ON reminders (user);

CREATE TABLE polls (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    author INTEGER NOT NULL,
    question TEXT NOT NULL,
    closes_at INTEGER,
    -- Where it is shown, once it is.
    channel INTEGER,
    message INTEGER,
    is_closed INTEGER NOT NULL DEFAULT 0,
    -- Whether its message shows that it is closed.
    is_settled INTEGER NOT NULL DEFAULT 0,
    -- Counts what changed in it, so that an older state of it is known as such.
    revision INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX polls_to_settle ON polls (is_closed, closes_at) WHERE is_settled = 0;

CREATE TABLE poll_options (
    poll INTEGER NOT NULL REFERENCES polls (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (poll, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE votes (
    poll INTEGER NOT NULL REFERENCES polls (number) ON DELETE CASCADE,
    voter INTEGER NOT NULL,
    position INTEGER NOT NULL,
    -- One vote each.
    PRIMARY KEY (poll, voter)
) STRICT, WITHOUT ROWID;
