package nlu

// Options are what understanding needs from the dialog language.
type Options struct {
	// Language is that of the bot, such as "ru" or "en-US".
	Language string
	// Words splits a text; it is required.
	Words func(text string) []Word
	// Compile binds patterns; nil means that patterns never fit.
	Compile func(rules []Rule) PatternSet
}

// Word is a word or a punctuation character of a text. Start and End are bytes.
type Word struct {
	Start, End  int
	Folded      string
	Stem        string
	Punctuation bool
}

// PatternSet are compiled patterns, safe for concurrent use.
type PatternSet interface {
	// Scores gives the patterns that fit the whole text.
	Scores(text string, lookup Lookup) []PatternScore
	// Spans gives the longest places in the text that one of the patterns fits,
	// from left to right, without overlaps.
	Spans(text string, lookup Lookup) []Range
}

// Lookup finds the entities of a name in the text that is matched.
type Lookup func(name string) []Found

// PatternScore is a pattern that fits: its place in the list, and 0 to 1.
type PatternScore struct {
	Rule  int
	Score float64
}

// Range is a part of a text, in bytes; End is exclusive.
type Range struct{ Start, End int }

// spoken are the words of a text without punctuation.
func (o Options) spoken(text string) []Word {
	var words []Word
	for _, word := range o.Words(text) {
		if !word.Punctuation {
			words = append(words, word)
		}
	}
	return words
}
