// Package nlu understands requests without a service: it reads the export of a
// project's intents and entities, finds entities in a text and tells which intent
// a text means. It knows nothing of scripts and states.
package nlu
