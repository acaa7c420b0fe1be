-- People of the desk: few rows, read into memory. Lists and documents are JSON.

-- +goose Up
CREATE TABLE agents (
    id          TEXT NOT NULL PRIMARY KEY,
    email       TEXT NOT NULL COLLATE NOCASE UNIQUE,
    name        TEXT NOT NULL,
    avatar      TEXT NOT NULL,
    role        TEXT NOT NULL,
    capacity    INTEGER NOT NULL,
    departments TEXT NOT NULL,
    presence    TEXT NOT NULL,
    auto_away   INTEGER NOT NULL,
    active      INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL,
    locale      TEXT NOT NULL,
    preferences TEXT NOT NULL
) STRICT;

CREATE TABLE departments (
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    strategy     TEXT NOT NULL,
    sticky       INTEGER NOT NULL,
    hours        TEXT NOT NULL, -- '' = always open
    integrations TEXT NOT NULL,
    standard     INTEGER NOT NULL, -- takes what names no department
    created_ms   INTEGER NOT NULL
) STRICT;

CREATE TABLE canned_replies (
    id         TEXT NOT NULL PRIMARY KEY,
    shortcut   TEXT NOT NULL,
    text       TEXT NOT NULL,
    department TEXT NOT NULL,
    owner      TEXT NOT NULL
) STRICT;

CREATE TABLE views (
    id     TEXT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL,
    filter TEXT NOT NULL,
    owner  TEXT NOT NULL
) STRICT;
