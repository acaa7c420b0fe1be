package nlu

import (
	"slices"
	"unicode/utf8"
)

// maxVariants bounds the readings of one text.
const maxVariants = 8

// variants are the readings of a text: as it stands, and with the entities found
// in it in the place of their words, as example phrases name them.
func (c *Local) variants(text string, found []Found) [][]Word {
	list := [][]Word{c.options.spoken(text)}
	var names []string
	for _, f := range found {
		if c.examples.mentions[f.Entity] && !slices.Contains(names, f.Entity) && len(names) < maxVariants-2 {
			names = append(names, f.Entity)
		}
	}
	for _, name := range names {
		list = append(list, c.replaced(text, lookupIn(found)(name)))
	}
	if len(names) > 1 {
		list = append(list, c.replaced(text, slices.DeleteFunc(slices.Clone(found), func(f Found) bool {
			return !slices.Contains(names, f.Entity)
		})))
	}
	return list
}

// replaced are the words of a text with entities in their places; of those that
// overlap the longer one counts.
func (c *Local) replaced(text string, found []Found) []Word {
	var words []Word
	kept := longest(slices.Clone(found))
	sortFound(kept)
	at, runes := 0, 0
	for _, f := range kept {
		start := at + byteOffset(text[at:], f.Start-runes)
		end := start + byteOffset(text[start:], f.End-f.Start)
		words = append(words, c.options.spoken(text[at:start])...)
		words = append(words, mentionWord(f.Entity))
		at, runes = end, f.End
	}
	return append(words, c.options.spoken(text[at:])...)
}

// byteOffset is where the character number n of a text begins.
func byteOffset(text string, n int) int {
	at := 0
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

func mentionWord(entity string) Word { return Word{Folded: "@" + entity, Stem: "@" + entity} }

// phraseWords are the words of an example phrase.
func phraseWords(o Options, phrase string) []Word {
	var words []Word
	for _, piece := range splitMentions(phrase) {
		if piece.entity != "" {
			words = append(words, mentionWord(piece.entity))
			continue
		}
		words = append(words, o.spoken(piece.text)...)
	}
	return words
}
