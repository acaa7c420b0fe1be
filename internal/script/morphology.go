package script

import (
	"fmt"
	"strings"
	"unicode"

	"parley/internal/dialog/morph"
)

// bindMorphology binds what $nlp and $caila know about words (script-api 2.5, 2.6).
func (m *vm) bindMorphology() {
	m.Bind("inflect", func(args []any) (any, error) {
		grammemes := strings.FieldsFunc(text(args, 1), func(r rune) bool { return r == ' ' || r == ',' })
		return lexis{m.run}.inflect(text(args, 0), grammemes)
	})
	m.Bind("conform", func(args []any) (any, error) { return lexis{m.run}.conform(text(args, 0), int64(whole(args, 1))) })
	m.Bind("parseMorph", func(args []any) (any, error) { return lexis{m.run}.parse(text(args, 0)) })
	m.Bind("tokenize", func(args []any) (any, error) { return lexis{m.run}.tokenize(text(args, 0)), nil })
	m.Bind("checkVocabulary", func(args []any) (any, error) { return lexis{m.run}.known(text(args, 0)) })
	m.Bind("fixKeyboardLayout", func(args []any) (any, error) { return lexis{m.run}.fixLayout(text(args, 0)) })
	m.Bind("markup", func(args []any) (any, error) { return lexis{m.run}.markup(text(args, 0)) })
}

// lexis is what a bot knows about words. Words in Cyrillic letters are taken for
// Russian, those in Latin letters for English.
type lexis struct{ *run }

func isRussian(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}

// inflect gives the form of a word with the grammemes; an English one knows only the
// plural. A grammeme that nobody knows is told in the log: the word stays as it is.
func (r lexis) inflect(word string, grammemes []string) (string, error) {
	russian, err := morph.Russian()
	if err != nil {
		return "", err
	}
	for _, name := range grammemes {
		if !russian.HasGrammeme(name) {
			r.log.Warn("a grammeme is unknown; the word stays as it is", "grammeme", clip(name), "bot", r.bot.name, "state", r.state)
			return word, nil
		}
		if name == "plur" && !isRussian(word) {
			return morph.EnglishConform(word, 2), nil
		}
	}
	return russian.Inflect(word, grammemes...), nil
}

// conform gives a word as it stands behind a number.
func (r lexis) conform(word string, n int64) (string, error) {
	if !isRussian(word) {
		return morph.EnglishConform(word, n), nil
	}
	russian, err := morph.Russian()
	if err != nil {
		return "", err
	}
	return russian.Conform(word, n), nil
}

// reading is a word as $nlp.parseMorph shows it.
type reading struct {
	Source       string   `json:"source"`
	NormalForm   string   `json:"normalForm"`
	Lemma        string   `json:"lemma"`
	PartOfSpeech string   `json:"partOfSpeech"`
	Tag          string   `json:"tag"`
	Grammemes    []string `json:"grammemes"`
	Score        float64  `json:"score"`
	Known        bool     `json:"known"`
}

// parse is the likeliest reading of a word as JSON, "null" when there is none.
func (r lexis) parse(word string) (string, error) {
	word = strings.TrimSpace(word)
	if !isRussian(word) {
		return "null", nil
	}
	russian, err := morph.Russian()
	if err != nil {
		return "", err
	}
	list := russian.Parse(word)
	if len(list) == 0 {
		return "null", nil
	}
	p := list[0]
	return marshal(reading{
		Source: word, NormalForm: p.Lemma, Lemma: p.Lemma, PartOfSpeech: p.Tag.Part(), Tag: p.Tag.String(), Grammemes: p.Tag.Grammemes(),
		Score: p.Score, Known: !p.Predicted,
	}), nil
}

// tokenize gives the words of a text as they were typed, without punctuation.
func (r lexis) tokenize(text string) string {
	words := []string{}
	for _, token := range r.bot.recogniser.Input(text).Tokens() {
		if !token.Punctuation {
			words = append(words, text[token.Start:token.End])
		}
	}
	return marshal(words)
}

// known tells whether a word is in a dictionary: the Russian one, or the words of
// the bot's own dictionaries.
func (r lexis) known(word string) (bool, error) {
	word = strings.TrimSpace(word)
	for _, d := range r.bot.project.Dictionaries {
		for _, e := range d.Entries {
			for _, name := range e.Names {
				if strings.EqualFold(name, word) {
					return true, nil
				}
			}
		}
	}
	if !isRussian(word) {
		return morph.EnglishKnown(word), nil
	}
	russian, err := morph.Russian()
	if err != nil {
		return false, err
	}
	return russian.Known(word), nil
}

// Keys of the two layouts, place by place.
const (
	latinKeys    = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
	cyrillicKeys = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
)

// fixLayout turns words that were typed in the wrong layout, "ghbdtn" for "привет":
// those that are unknown as they stand and known in the other layout.
func (r lexis) fixLayout(text string) (string, error) {
	words := strings.Split(text, " ")
	for i, word := range words {
		core := strings.TrimRightFunc(word, func(c rune) bool { return !unicode.IsLetter(c) })
		for _, end := range []int{len(word), len(core)} {
			ok, err := r.mistyped(word[:end])
			if err != nil {
				return "", err
			}
			if ok {
				words[i] = swapLayout(word[:end]) + word[end:]
				break
			}
		}
	}
	return strings.Join(words, " "), nil
}

// mistyped tells whether a word is known only in the other layout.
func (r lexis) mistyped(word string) (bool, error) {
	other := swapLayout(word)
	if isRussian(word) == isRussian(other) {
		return false, nil
	}
	now, err := r.known(trimSigns(word))
	if err != nil || now {
		return false, err
	}
	return r.known(other)
}

func trimSigns(word string) string {
	return strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
}

func swapLayout(word string) string {
	latin, cyrillic := []rune(latinKeys), []rune(cyrillicKeys)
	from, to := latin, cyrillic
	if isRussian(word) {
		from, to = cyrillic, latin
	}
	return strings.Map(func(r rune) rune {
		for i := range from {
			if from[i] == r {
				return to[i]
			}
		}
		return r
	}, word)
}

// marked is a text as $caila.markup shows it; positions count characters.
type marked struct {
	Source        string       `json:"source"`
	CorrectedText string       `json:"correctedText"`
	Words         []markedWord `json:"words"`
}

type markedWord struct {
	Annotations map[string]string `json:"annotations"`
	StartPos    int               `json:"startPos"`
	EndPos      int               `json:"endPos"`
	Pattern     bool              `json:"pattern"`
	Punctuation bool              `json:"punctuation"`
	Source      string            `json:"source"`
	Word        string            `json:"word"`
}

// markup gives the words of a text with lemma and part of speech.
func (r lexis) markup(text string) (string, error) {
	out := marked{Source: text, CorrectedText: text, Words: []markedWord{}}
	characters, at := 0, 0
	for _, token := range r.bot.recogniser.Input(text).Tokens() {
		source := text[token.Start:token.End]
		characters += len([]rune(text[at:token.Start]))
		w := markedWord{StartPos: characters, Punctuation: token.Punctuation, Source: source, Word: strings.ToLower(source)}
		characters += len([]rune(source))
		at = token.End
		w.EndPos = characters
		var err error
		if w.Annotations, err = annotations(w.Word, token.Punctuation); err != nil {
			return "", fmt.Errorf("markup: %w", err)
		}
		out.Words = append(out.Words, w)
	}
	return marshal(out), nil
}

func annotations(word string, punctuation bool) (map[string]string, error) {
	switch {
	case punctuation:
		return map[string]string{"lemma": word, "pos": "PNCT"}, nil
	case !isRussian(word):
		return map[string]string{"lemma": morph.EnglishLemma(word)}, nil
	}
	russian, err := morph.Russian()
	if err != nil {
		return nil, err
	}
	list := russian.Parse(word)
	if len(list) == 0 {
		return map[string]string{"lemma": word}, nil
	}
	return map[string]string{"lemma": list[0].Lemma, "pos": list[0].Tag.Part()}, nil
}
