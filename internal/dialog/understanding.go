package dialog

import (
	"context"
	"encoding/json"
	"io/fs"
	"sync"
	"time"
	_ "time/tzdata" // a bare machine has no zones
	"unicode/utf8"

	"parley/internal/dialog/nlu"
)

// Understanding is what a project knows about meanings: its export, the entities
// in requests and the intents they mean (dialog-language 1.1, 5.3). It is
// immutable and safe for concurrent use.
type Understanding struct {
	Model    *nlu.Model
	options  nlu.Options
	entities *nlu.Entities
	local    *nlu.Local
	zone     *time.Location
	matcher  *Matcher
	sets     []*rulePatterns
}

// readUnderstanding reads the export of a project. Patterns inside it stay
// unbound until bind.
func readUnderstanding(files fs.FS, language string, r *report) *Understanding {
	model, problems := nlu.Read(files)
	for _, p := range problems {
		severity := Warning
		if p.Code == "nlu-json" || p.Code == "nlu-too-large" || p.Code == "nlu-unreadable" {
			severity = Error
		}
		r.add(newDiagnostic(severity, Pos{File: p.File, Line: p.Line, Column: p.Column}, p.Code, p.Message, p.Hint))
	}
	u := newUnderstanding(model, language)
	if zone, err := time.LoadLocation(model.Zone); err == nil {
		u.zone = zone
	} else {
		r.warnf(Pos{File: model.File, Line: 1, Column: 1}, "nlu-zone", "the time zone %q of the export is unknown; dates are taken in UTC", model.Zone)
	}
	return u
}

func newUnderstanding(model *nlu.Model, language string) *Understanding {
	u := &Understanding{Model: model, zone: time.UTC}
	stemmer, _ := newStemmer(language)
	words := wordSplitter{tokenizer: tokenizer{english: isEnglish(language)}, stemmer: stemmer}
	u.options = nlu.Options{Language: language, Words: words.split, Compile: u.compile}
	u.entities = nlu.NewEntities(model, u.options)
	u.local = nlu.NewClassifier(model, u.options)
	return u
}

// bind compiles the patterns of the export. Named patterns and dictionaries of
// the script may stand in them.
func (u *Understanding) bind(m *Matcher) []Diagnostic {
	u.matcher = m
	var found []Diagnostic
	for _, set := range u.sets {
		found = append(found, set.check()...)
	}
	return found
}

// NewClassifier makes a local classifier for other phrases than those of the
// export, in the language of the project. Patterns in the model never fit.
func (u *Understanding) NewClassifier(model *nlu.Model) nlu.Classifier {
	options := u.options
	options.Compile = nil
	return nlu.NewClassifier(model, options)
}

// KnowsWord tells whether a word stands in a phrase or entity of the export, in
// any of its forms.
func (u *Understanding) KnowsWord(word string) bool {
	words := u.options.Words(word)
	return len(words) == 1 && (u.local.Knows(words[0]) || u.entities.Knows(words[0]))
}

// Local is the classifier that compares a text with the phrases of the export.
func (u *Understanding) Local() nlu.Classifier { return u.local }

// ClassifyWith is Classify by another classifier for the same export.
func (u *Understanding) ClassifyWith(ctx context.Context, c nlu.Classifier, text string, now time.Time, n int) ([]nlu.Hypothesis, error) {
	return c.Classify(ctx, text, u.Entities(text, now), n)
}

// Serve finds the entities of a request with u instead of the project's own
// understanding.
func (u *Understanding) Serve(in *Input) {
	in.lookup = func(name string) []nlu.Found { return u.Named(in.text, name, in.now) }
}

// For is the same with more records, those of one client.
func (u *Understanding) For(records map[string][]nlu.Record) *Understanding {
	if len(records) == 0 {
		return u
	}
	own := *u
	own.options.Compile = func(rules []nlu.Rule) nlu.PatternSet {
		set := &rulePatterns{understanding: u, rules: rules}
		set.compiled = sync.OnceValue(set.compile)
		return set
	}
	own.entities = u.entities.With(records, own.options)
	return &own
}

// In is the same with dates in another zone.
func (u *Understanding) In(zone *time.Location) *Understanding {
	own := *u
	own.zone = zone
	return &own
}

// Entities finds the entities that are switched on in the export or that its
// intents name, from left to right; they may overlap, see Resolve.
func (u *Understanding) Entities(text string, now time.Time) []nlu.Found {
	return u.entities.Find(text, now.In(u.zone))
}

// Resolve keeps one of the entities that overlap.
func (u *Understanding) Resolve(found []nlu.Found) []nlu.Found { return u.entities.Resolve(found) }

// Named finds the entities of one name, switched on or not.
func (u *Understanding) Named(text, name string, now time.Time) []nlu.Found {
	return u.entities.Named(text, name, now.In(u.zone))
}

// Classify tells which intents a text means, the best one first; n below 1 is all.
// Thresholds are the caller's.
func (u *Understanding) Classify(ctx context.Context, text string, now time.Time, n int) ([]nlu.Hypothesis, error) {
	return u.ClassifyWith(ctx, u.local, text, now, n)
}

// Known implements [Entities].
func (u *Understanding) Known(name string) bool { return u.entities.Known(name) }

// Names implements [Entities].
func (u *Understanding) Names() []string { return u.entities.Names() }

// Find implements [Entities].
func (u *Understanding) Find(text, name string, now time.Time) []EntitySpan {
	return entitySpans(text, u.Named(text, name, now))
}

func entitySpans(text string, found []nlu.Found) []EntitySpan {
	spans := make([]EntitySpan, len(found))
	for i, f := range found {
		spans[i] = EntitySpan{Start: byteAt(text, f.Start), End: byteAt(text, f.End)}
		if !f.Bare && json.Unmarshal(f.Value, &spans[i].Value) != nil {
			spans[i].Value = f.Text
		}
	}
	return spans
}

// byteAt is where the character number n of a text begins.
func byteAt(text string, n int) int {
	at := 0
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// wordSplitter splits and stems as the matcher does.
type wordSplitter struct {
	tokenizer tokenizer
	stemmer   stemmer
}

func (s wordSplitter) split(text string) []nlu.Word {
	var words []nlu.Word
	for _, t := range s.tokenizer.split(text) {
		if t.Folded != "" {
			words = append(words, nlu.Word{
				Start: t.Start, End: t.End, Folded: t.Folded, Stem: s.stemmer.stem(t.Folded), Punctuation: t.Punctuation,
			})
		}
	}
	return words
}

// compile implements nlu.Options.Compile.
func (u *Understanding) compile(rules []nlu.Rule) nlu.PatternSet {
	set := &rulePatterns{understanding: u, rules: rules}
	set.compiled = sync.OnceValue(set.compile)
	u.sets = append(u.sets, set)
	return set
}

// rulePatterns are patterns of the export, bound when they are first used.
type rulePatterns struct {
	understanding *Understanding
	rules         []nlu.Rule
	compiled      func() []*CompiledPattern
	found         []Diagnostic
}

func (p *rulePatterns) compile() []*CompiledPattern {
	list := make([]*CompiledPattern, len(p.rules))
	for i, rule := range p.rules {
		place := Pos{File: p.understanding.Model.File, Line: rule.Line, Column: rule.Column + 1}
		pattern, wrong := ParsePattern(NewSource(rule.Text, place))
		compiled, unknown := p.understanding.matcher.Compile(pattern)
		list[i] = compiled
		p.found = append(append(p.found, wrong...), unknown...)
	}
	return list
}

// check tells what is wrong with the patterns. The rest of the export is usable,
// so all of it is a warning.
func (p *rulePatterns) check() []Diagnostic {
	p.compiled()
	for i := range p.found {
		p.found[i].Severity = Warning
	}
	return p.found
}

func (p *rulePatterns) input(text string, lookup nlu.Lookup) *Input {
	in := p.understanding.matcher.Input(text)
	in.lookup = lookup
	return in
}

// Scores implements nlu.PatternSet.
func (p *rulePatterns) Scores(text string, lookup nlu.Lookup) []nlu.PatternScore {
	matches, err := p.input(text, lookup).Match(context.Background(), p.compiled()...)
	if err != nil {
		return nil
	}
	scores := make([]nlu.PatternScore, len(matches))
	for i, match := range matches {
		scores[i] = nlu.PatternScore{Rule: match.Index, Score: match.Score}
	}
	return scores
}

// Spans implements nlu.PatternSet.
func (p *rulePatterns) Spans(text string, lookup nlu.Lookup) []nlu.Range {
	in := p.input(text, lookup)
	var spans []nlu.Range
	for at := 0; at < len(in.tokens); {
		end := p.furthest(in, at)
		if end <= at || in.tokens[at].Punctuation && p.furthest(in, at+1) >= end {
			at++
			continue
		}
		spans = append(spans, nlu.Range{Start: in.tokens[at].Start, End: in.tokens[end-1].End})
		at = end
	}
	return spans
}

// furthest is the last place where a match can end that begins at a token, 0 for
// none.
func (p *rulePatterns) furthest(in *Input, at int) int {
	mark := in.arena.mark()
	defer in.arena.release(mark)
	start := in.arena.empty()
	start.add(at)
	last := 0
	for _, pattern := range p.compiled() {
		ends := pattern.body.ends(in, start)
		for end := ends.first(); end >= 0; end = ends.next(end + 1) {
			last = max(last, end)
		}
	}
	return last
}
