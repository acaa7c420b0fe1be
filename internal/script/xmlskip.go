package script

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/dialog"
)

// SkipReason tells why a case is not counted. The runner finds it itself.
type SkipReason string

const (
	// SkipIntegration is integration="true" without the wish to run such cases.
	SkipIntegration SkipReason = "integration"
	// SkipExcluded is a file that chatbot.yaml leaves out.
	SkipExcluded SkipReason = "excluded"
	// SkipModule is a required module that is neither in the project nor a standard
	// one.
	SkipModule SkipReason = "missing-module"
	// SkipHTTP is a call that no <mockData> answers.
	SkipHTTP SkipReason = "http-without-mock"
	// SkipNLU is an intent or entity without data in the project.
	SkipNLU SkipReason = "missing-nlu-data"
	// SkipFormat is a file in a format of its own.
	SkipFormat SkipReason = "other-format"
)

// SkipReasons are all reasons, in the order of reports.
func SkipReasons() []SkipReason {
	return []SkipReason{SkipExcluded, SkipIntegration, SkipHTTP, SkipNLU, SkipModule, SkipFormat}
}

// gaps is what a project refers to and does not hold.
type gaps struct {
	project *dialog.Project
	module  string // what a diagnostic says about a missing module
	// intents are the triggers for intents and examples without data, entities the
	// lines of patterns with an entity that nothing recognises; both by file:line.
	intents, entities map[string]bool
}

func newGaps(p *dialog.Project, found []dialog.Diagnostic) *gaps {
	g := &gaps{project: p, intents: map[string]bool{}, entities: map[string]bool{}}
	names := map[string]bool{} // of intents without data
	for _, d := range found {
		switch d.Code {
		case "unknown-module", "missing-dependency", "missing-package":
			if g.module == "" && !strings.Contains(d.Message, `"sys.`) {
				g.module = d.String()
			}
		case dialog.CodeNoIntentData, "no-example-group", "bad-example-group":
			for _, t := range p.Triggers {
				if t.File == d.File && t.Line == d.Line {
					names[string(t.Kind)+t.Value.Text] = true
				}
			}
		case dialog.CodeNoEntity:
			g.entities[lineOf(d.Pos())] = true
		}
	}
	for _, t := range p.Triggers {
		if names[string(t.Kind)+t.Value.Text] {
			g.intents[lineOf(t.Pos)] = true
		}
	}
	return g
}

func lineOf(at dialog.Pos) string { return fmt.Sprintf("%s:%d", at.File, at.Line) }

// touched tells which gap a failed case met, "" for none.
func (g *gaps) touched(ctx context.Context, c *caseRun) (SkipReason, string) {
	for _, turn := range c.turns {
		for _, call := range turn.calls {
			if !call.mocked && !call.real {
				return SkipHTTP, fmt.Sprintf("no <mockData> answers %s %s", call.request.Method, call.request.URL)
			}
		}
	}
	for _, turn := range c.turns {
		if at := g.missed(ctx, c.suite.bot, turn); at != nil {
			return SkipNLU, fmt.Sprintf("%q was not understood and the project holds no data for %s %s at %s", turn.text, at.Kind, at.Value.Text, at.Pos)
		}
	}
	if g.module != "" {
		return SkipModule, g.module
	}
	return "", ""
}

// missed gives a trigger without data that could have taken a text which no other
// took, nil for none.
func (g *gaps) missed(ctx context.Context, bot *Bot, turn turnTaken) *dialog.Trigger {
	if turn.text == "" || !g.fellThrough(turn) {
		return nil
	}
	hits, err := bot.recogniser.Hits(ctx, bot.recogniser.Input(turn.text), turn.context)
	if err != nil || len(hits) > 0 {
		return nil
	}
	for _, kind := range []dialog.TriggerKind{
		dialog.TriggerIntent, dialog.TriggerIntentGroup, dialog.TriggerExample, dialog.TriggerExampleGroup, dialog.TriggerPattern,
	} {
		for _, candidate := range g.project.Active(turn.context, kind) {
			t := candidate.Trigger
			if g.lacks(t) {
				return t
			}
		}
	}
	return nil
}

// lacks tells whether a trigger can never fire for want of data.
func (g *gaps) lacks(t *dialog.Trigger) bool {
	if t.Kind == dialog.TriggerPattern {
		return g.entities[lineOf(t.Pos)]
	}
	return g.intents[lineOf(t.Pos)]
}

// fellThrough tells whether a turn went to noMatch, or nowhere.
func (g *gaps) fellThrough(turn turnTaken) bool {
	candidate, ok := g.project.Event(turn.context, dialog.EventNoMatch)
	return turn.class == "" || ok && turn.class == candidate.Trigger.Target()
}
