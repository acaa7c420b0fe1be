package script

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parley/internal/dialog"
)

// inputStep takes what the user sent to an action tag that waits: what fits is
// kept and leads on; for anything else the tag says so and waits again.
type inputStep struct {
	dialog.Pos
	kind            string // name of the tag
	caller          string // the state that holds it
	waits           string
	question        *question
	variable        *template
	least, most     *template
	failures        []failure
	then            *target
	agree, disagree *target
}

// failure is one text said after a wrong input.
type failure struct{ text, html *template }

func (s *inputStep) do(r *run) error {
	r.state = s.caller // it answers and jumps in the name of the tag
	value, fits, err := s.read(r)
	if err != nil {
		return err
	}
	if !fits {
		r.steer(s.waits, true)
		return s.refuse(r)
	}
	next := s.then
	if s.kind == "Confirmation" {
		if next = s.disagree; value == true {
			next = s.agree
		}
	} else if err := s.keep(r, value); err != nil {
		return err
	}
	if next == nil { // the dialog is where it was before the question
		r.steer(s.caller, true)
		return nil
	}
	return follow(r, next)
}

// keep writes $session.<varName>.
func (s *inputStep) keep(r *run, value any) error {
	name, err := s.variable.optional(r)
	if err != nil {
		return err
	}
	return r.call("keep", strings.TrimPrefix(strings.TrimSpace(name), "$session."), marshal(value))
}

// refuse says one of the failure messages, the question itself when there is none.
func (s *inputStep) refuse(r *run) error {
	if len(s.failures) == 0 {
		return s.question.say(r)
	}
	i, err := chance{r}.tagRandom(len(s.failures), s.Pos.String())
	if err != nil {
		return err
	}
	if err := sayRich(r, s.failures[i].text, s.failures[i].html, s.question.rich); err != nil || len(s.question.buttons.items) == 0 {
		return err
	}
	return s.question.buttons.do(r)
}

// read takes the value out of the request; fits is false when there is none.
func (s *inputStep) read(r *run) (value any, fits bool, err error) {
	text := strings.TrimSpace(r.request.Query)
	switch s.kind {
	case "InputNumber":
		return s.number(r, text)
	case "InputPhoneNumber":
		if r.request.Event != "" {
			text = contactPhone(view{r})
		}
		value, fits = phoneNumber(text)
	case "InputFile":
		value, fits = fileURL(view{r})
	case "Confirmation":
		return s.agreed(r, text)
	default:
		value, fits = text, text != ""
	}
	return value, fits, nil
}

var numberText = regexp.MustCompile(`[-+−]?\d{1,3}(?:[  ]\d{3})+(?:[.,]\d+)?|[-+−]?\d+(?:[.,]\d+)?`)

// number is the first number of the text, if it lies within the bounds.
func (s *inputStep) number(r *run, text string) (any, bool, error) {
	n, ok := writtenNumber(text)
	if !ok {
		n, ok = spokenNumber(r, text)
	}
	if !ok {
		return nil, false, nil
	}
	low, err := bound(r, "minValue", s.least, math.Inf(-1))
	if err != nil {
		return nil, false, err
	}
	high, err := bound(r, "maxValue", s.most, math.Inf(1))
	return n, n >= low && n <= high, err
}

func writtenNumber(text string) (float64, bool) {
	written := numberText.FindString(text)
	if written == "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.NewReplacer(" ", "", " ", "", "−", "-", ",", ".").Replace(written), 64)
	return n, err == nil && !math.IsInf(n, 0)
}

// spokenNumber is the first number written in words.
func spokenNumber(r *run, text string) (n float64, ok bool) {
	for _, found := range r.bot.project.Understanding().Named(text, "duckling.number", r.turn.Now()) {
		if json.Unmarshal(found.Value, &n) == nil {
			return n, true
		}
	}
	return 0, false
}

// bound is a limit of the number.
func bound(r *run, name string, t *template, otherwise float64) (float64, error) {
	text, err := t.optional(r)
	if text = strings.TrimSpace(text); err != nil || text == "" {
		return otherwise, err
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, &dialogError{message: fmt.Sprintf("%s must be a number, not %q", name, text)}
	}
	return n, nil
}

var phoneText = regexp.MustCompile(`^\+?[\d\s().\-–]+$`)

// Digits of a phone number (E.164 and short national ones).
const (
	minPhoneDigits = 7
	maxPhoneDigits = 15
)

// phoneNumber keeps the digits of a number and the plus before them.
func phoneNumber(text string) (string, bool) {
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, text)
	if !phoneText.MatchString(text) || len(digits) < minPhoneDigits || len(digits) > maxPhoneDigits {
		return "", false
	}
	if strings.HasPrefix(text, "+") {
		digits = "+" + digits
	}
	return digits, true
}

// agreed reads a yes or no by the named patterns agree and disagree, where the
// project has them, the better fit first; else by single words.
func (s *inputStep) agreed(r *run, text string) (any, bool, error) {
	if len(r.bot.consent) > 0 {
		matches, err := r.bot.recogniser.Input(text).At(r.turn.Now()).Match(r.ctx, r.bot.consent...)
		if err != nil {
			return nil, false, err
		}
		if len(matches) > 0 {
			dialog.SortMatches(matches)
			return matches[0].Index == 0, true, nil
		}
	}
	yes, clear := agreement(text)
	return yes, clear, nil
}

// consentPatterns are $agree and $disagree; nil unless the project has both.
func consentPatterns(b *Bot) []*dialog.CompiledPattern {
	var list []*dialog.CompiledPattern
	for _, name := range []string{"agree", "disagree"} {
		if !slices.ContainsFunc(b.project.Patterns, func(n *dialog.NamedPattern) bool { return n.Name == name }) {
			return nil
		}
		pattern, _ := dialog.ParsePattern(dialog.NewSource("$"+name, dialog.Pos{}))
		compiled, _ := b.recogniser.Compile(pattern) // what is wrong with it was told where it is defined
		list = append(list, compiled)
	}
	return list
}

// agreement reads a yes or no: the first word decides.
func agreement(text string) (yes, clear bool) {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return strings.ContainsRune(" ,.!?;", c) })
	if len(words) == 0 {
		return false, false
	}
	switch {
	case slices.Contains(agreeing(), words[0]):
		return true, true
	case slices.Contains(refusing(), words[0]):
		return false, true
	}
	return false, false
}

func agreeing() []string {
	return []string{
		"yes", "y", "yep", "yeah", "sure", "ok", "okay", "right", "correct", "certainly", "confirm", "agree", "true", "+",
		"да", "ага", "угу", "конечно", "верно", "правильно", "точно", "хорошо", "ок", "окей", "согласен", "согласна", "подтверждаю", "разумеется",
	}
}

func refusing() []string {
	return []string{
		"no", "n", "nope", "nah", "not", "wrong", "incorrect", "never", "cancel", "disagree", "false", "-",
		"нет", "не", "неа", "неверно", "неправильно", "никогда", "отмена", "отказываюсь", "ни",
	}
}
