package script

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"parley/internal/session"
)

// GPT is the language model of $gpt: an OpenAI-compatible service. Its key is
// the secret GPT_API_KEY.
type GPT struct {
	URL   string // base address, such as https://api.openai.com/v1; "" for none
	Model string
}

const (
	gptKey = "GPT_API_KEY"
	// gptTestURL is what <mockData> of a test answers when no service is set.
	gptTestURL = "https://api.openai.com/v1"
)

// bindGPT binds $gpt: script-api 2.11.
func (m *vm) bindGPT() {
	m.Bind("complete", func(args []any) (any, error) { return caller{m.run}.complete(text(args, 0)) })
}

// complete asks the model; the options of a script win over the settings.
func (r caller) complete(asked string) (any, error) {
	var body map[string]json.RawMessage
	if err := json.Unmarshal([]byte(asked), &body); err != nil {
		return nil, err
	}
	base := r.bot.options.GPT.URL
	if base == "" && r.bot.options.Testing {
		base = gptTestURL
	}
	if base == "" {
		return nil, errors.New("$gpt: there is no service: the operator sets gpt-url and gpt-model")
	}
	if _, given := body["model"]; !given && r.bot.options.GPT.Model != "" {
		body["model"] = json.RawMessage(marshal(r.bot.options.GPT.Model))
	}
	q := &httpRequest{
		Method: "POST", Template: strings.TrimSuffix(base, "/") + "/chat/completions", DataType: kindJSON,
		Body: json.RawMessage(marshal(body)), TimeoutMs: float64(session.ScriptWaitTime.Milliseconds()),
	}
	if key := r.bot.vault.secrets[gptKey]; key != "" {
		q.Headers = map[string]json.RawMessage{"Authorization": json.RawMessage(marshal("Bearer " + key))}
	}
	if err := q.complete(); err != nil {
		return nil, err
	}
	result, err := r.call15(q)
	if err != nil {
		return nil, err
	}
	if !result.IsOk {
		return nil, fmt.Errorf("$gpt: the service answered %d: %s", result.Status, clipped(fmt.Sprint(result.Error)))
	}
	r.distrust(result.Data) // what a model says is close to what the user made it say
	return string(result.Data), nil
}

// clipped bounds what an error says of an answer.
func clipped(text string) string {
	const most = 500
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
