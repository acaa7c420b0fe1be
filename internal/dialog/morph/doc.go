// Package morph knows the forms of words: lemmas, grammatical tags, inflection and
// agreement with numbers. Russian is read from the OpenCorpora dictionary that is
// embedded as it was published (see opencorpora/README.md); English has rules and a
// list of irregular words.
package morph
