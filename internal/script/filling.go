package script

import (
	"slices"

	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
)

// fillingState is where the questions for missing slots are asked. A project that
// has the state, as slotfilling/slotFilling.sc makes it, asks them (script-api 4.5).
const fillingState = "/SlotFilling"

// filling is an intent whose slots are being asked for, between two turns.
type filling struct {
	Intent string          `json:"intent"`
	Target string          `json:"target"` // the state to enter at the end
	Values []nlu.SlotValue `json:"values,omitempty"`
	// Retries is how often the last question was answered without a value.
	Retries int `json:"retries,omitempty"`
}

// fillingOptions are $injector.slotfilling.
type fillingOptions struct {
	retries         int
	stopOnAnyIntent bool
	stopThreshold   float64
}

func (b *Bot) fillingOptions() fillingOptions {
	o := fillingOptions{retries: 2, stopThreshold: 0.2}
	given, _ := b.project.Injector(b.states[fillingState].node.File)["slotfilling"].(map[string]any)
	if n, ok := given["maxSlotRetries"].(float64); ok {
		o.retries = int(n)
	}
	if n, ok := given["stopOnAnyIntentThreshold"].(float64); ok {
		o.stopThreshold = n
	}
	o.stopOnAnyIntent, _ = given["stopOnAnyIntent"].(bool)
	return o
}

// filler asks for the slots that a recognised intent misses.
type filler struct{ chooser }

// begin gives the state to go to when a slot has to be asked for, "" when none has.
func (r filler) begin(h nlu.Hypothesis, target string) string {
	if r.bot.states[fillingState] == nil || !r.ask(&filling{Intent: h.Intent.Path, Target: target, Values: h.Slots}, h.Intent) {
		return ""
	}
	return fillingState
}

// ask prepares the question for the first missing slot; false when there is none.
func (r filler) ask(f *filling, intent *nlu.Intent) bool {
	missing := f.missing(intent)
	if len(missing) == 0 {
		return false
	}
	prompts := missing[0].Prompts
	r.asks = prompts[chance{r.run}.random(len(prompts))]
	r.extra.Filling = f
	return true
}

// missing are the required slots without a value that there is a question for.
func (f *filling) missing(intent *nlu.Intent) []nlu.Slot {
	var missing []nlu.Slot
	for _, slot := range intent.Slots {
		if slot.Required && len(slot.Prompts) > 0 && !f.has(slot.Name) {
			missing = append(missing, slot)
		}
	}
	return missing
}

func (f *filling) has(slot string) bool {
	return slices.ContainsFunc(f.Values, func(v nlu.SlotValue) bool { return v.Name == slot })
}

// goOn takes the text of the turn for the answer to the last question.
func (r filler) goOn(f *filling) (string, error) {
	intent, known := r.bot.project.NLU.Intent(f.Intent)
	if !known || r.bot.states[fillingState] == nil || r.bot.states[f.Target] == nil || len(f.missing(intent)) == 0 {
		return r.byText() // the bot has changed meanwhile
	}
	if r.understand(r.request.Query, r.position).tooLong() {
		return r.byText() // which raises the event of the limit
	}
	options := r.bot.fillingOptions()
	if stop, err := r.stops(options); stop || err != nil {
		return r.restart(err)
	}
	if r.fill(f, intent) {
		f.Retries = 0
	} else if f.Retries++; f.Retries > options.retries {
		return r.byEvent(dialog.EventNoMatch), nil
	}
	if r.ask(f, intent) {
		return fillingState, nil
	}
	r.meant = &nlu.Hypothesis{Intent: intent, Score: 1, Slots: f.Values}
	r.rule = rule{Class: f.Target, Type: "intent", Text: intent.Path}
	return f.Target, r.convert()
}

// stops tells whether the text means something else, which ends the questions.
func (r filler) stops(options fillingOptions) (bool, error) {
	if !options.stopOnAnyIntent {
		return false, nil
	}
	heard := r.understand(r.request.Query, r.position)
	ctx, cancel := heard.bounded(r.ctx)
	defer cancel()
	if _, err := heard.readIntents(ctx); err != nil {
		return false, err
	}
	return len(heard.intents) > 0 && heard.intents[0].Score >= options.stopThreshold, nil
}

// restart classifies the text as if nothing had been asked.
func (r filler) restart(err error) (string, error) {
	if err != nil {
		return "", err
	}
	return r.byText()
}

// fill looks the missing slots up in the text; it tells whether the one that was
// asked for was found.
func (r filler) fill(f *filling, intent *nlu.Intent) bool {
	asked := f.missing(intent)[0]
	heard := r.understand(r.request.Query, r.position)
	found := r.bot.project.Understanding().Named(heard.text, asked.Entity, heard.now)
	for _, e := range heard.entities() {
		if e.Entity != asked.Entity {
			found = append(found, e)
		}
	}
	open := &nlu.Intent{Slots: slices.DeleteFunc(slices.Clone(intent.Slots), func(s nlu.Slot) bool { return f.has(s.Name) })}
	f.Values = append(slices.Clone(f.Values), nlu.FillSlots(open, found)...)
	return f.has(asked.Name)
}
