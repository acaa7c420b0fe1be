-- People: who works at the desk, and what they sign in with. Few rows. Lists and
-- documents are JSON; times are milliseconds since 1970.

-- +goose Up
CREATE TABLE agents (
    id          text COLLATE "C" PRIMARY KEY,
    email       text COLLATE "C" NOT NULL,
    name        text NOT NULL,
    avatar      text NOT NULL,
    role        text NOT NULL,
    capacity    bigint NOT NULL,
    departments text NOT NULL,
    presence    text NOT NULL,
    auto_away   bigint NOT NULL,
    active      bigint NOT NULL,
    created_ms  bigint NOT NULL,
    locale      text NOT NULL,
    preferences text NOT NULL
);
CREATE UNIQUE INDEX agents_email ON agents (lower(email));

CREATE TABLE departments (
    id            text COLLATE "C" PRIMARY KEY,
    name          text NOT NULL,
    strategy      text NOT NULL,
    sticky        bigint NOT NULL,
    hours         text NOT NULL, -- '' = always open
    integrations  text NOT NULL,
    standard      bigint NOT NULL, -- takes what names no department
    created_ms    bigint NOT NULL,
    requeue_after bigint NOT NULL DEFAULT 300 -- seconds, 0 = never
);

CREATE TABLE canned_replies (
    id         text COLLATE "C" PRIMARY KEY,
    shortcut   text COLLATE "C" NOT NULL,
    text       text NOT NULL,
    department text NOT NULL,
    owner      text NOT NULL
);

CREATE TABLE views (
    id     text COLLATE "C" PRIMARY KEY,
    name   text COLLATE "C" NOT NULL,
    filter text NOT NULL,
    owner  text NOT NULL
);

CREATE TABLE credentials (
    agent          text COLLATE "C" PRIMARY KEY,
    password       text NOT NULL DEFAULT '', -- PHC string
    issuer         text COLLATE "C" NOT NULL DEFAULT '', -- single sign-on
    subject        text COLLATE "C" NOT NULL DEFAULT '',
    factor         bytea, -- secret of RFC 6238
    factor_pending bytea,
    factor_used    bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX credentials_subject ON credentials (issuer, subject) WHERE subject <> '';

CREATE TABLE recovery_codes (
    agent text COLLATE "C" NOT NULL,
    hash  bytea NOT NULL,
    PRIMARY KEY (agent, hash)
);

CREATE TABLE logins (
    hash       bytea PRIMARY KEY, -- of the cookie
    agent      text COLLATE "C" NOT NULL,
    created_ms bigint NOT NULL,
    seen_ms    bigint NOT NULL,
    address    text NOT NULL,
    browser    text NOT NULL
);
CREATE INDEX logins_agent ON logins (agent, created_ms);
CREATE INDEX logins_created ON logins (created_ms);

CREATE TABLE invitations (
    hash       bytea PRIMARY KEY, -- of the link's token
    agent      text COLLATE "C" NOT NULL UNIQUE, -- '' = the first admin
    created_ms bigint NOT NULL,
    expires_ms bigint NOT NULL
);

-- The log is written, never rewritten: no statement of the program changes or
-- deletes a row. The revision "audit" gives the ids.
CREATE TABLE audit (
    id      bigint PRIMARY KEY,
    at_ms   bigint NOT NULL,
    agent   text NOT NULL,
    action  text NOT NULL,
    subject text NOT NULL,
    detail  text NOT NULL,
    address text NOT NULL
);

-- How often what nodes keep in memory was changed, by its name. It is written in
-- the transaction that changes it; a node that sees a new number reads it anew.
CREATE TABLE revisions (
    name text COLLATE "C" PRIMARY KEY,
    n    bigint NOT NULL
);
