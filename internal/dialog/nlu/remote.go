package nlu

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Remote asks an OpenAI-compatible service which intent a text means. When it
// fails, the local classifier answers. It is safe for concurrent use.
type Remote struct {
	options RemoteOptions
	model   *Model
	local   Classifier
	prompt  string
	cache   *cache
}

// RemoteOptions name the service.
type RemoteOptions struct {
	// URL is the base address, such as "https://api.openai.com/v1".
	URL   string
	Model string
	// Key is sent as a bearer token unless it is "".
	Key    string
	Client *http.Client
	// Failed is told why the local classifier had to answer; it may be nil.
	Failed func(error)
}

const (
	// RemoteTimeout bounds one question.
	RemoteTimeout = 2 * time.Second
	// maxAnswer bounds an answer, in bytes.
	maxAnswer = 1 << 20
	// maxExamples and maxPrompt bound what the service is told of the intents.
	maxExamples = 5
	maxPrompt   = 48 << 10
	// maxHypotheses is how many intents are asked for.
	maxHypotheses = 3
)

// NewRemote makes a classifier for the intents of a model.
func NewRemote(m *Model, local Classifier, o RemoteOptions) *Remote {
	if o.Client == nil {
		o.Client = &http.Client{}
	}
	return &Remote{options: o, model: m, local: local, prompt: describe(m), cache: newCache()}
}

// describe is what the service is told: the intents with some phrases of each.
func describe(m *Model) string {
	var text strings.Builder
	fmt.Fprintf(&text, "You classify what users of a chat bot say. Answer with a JSON object {\"intents\": [{\"path\": text, \"score\": number from 0 to 1}]}: "+
		"at most %d of the intents below, the likeliest first, an empty list when none fits.\n", maxHypotheses)
	for _, intent := range m.Intents {
		if text.Len() > maxPrompt {
			break
		}
		fmt.Fprintf(&text, "\n%s\n", intent.Path)
		for _, phrase := range intent.Phrases[:min(len(intent.Phrases), maxExamples)] {
			fmt.Fprintf(&text, "- %s\n", phrase.Text)
		}
	}
	return text.String()
}

// Classify implements [Classifier]. A text that an example phrase or a pattern
// fits without doubt is not sent.
func (c *Remote) Classify(ctx context.Context, text string, found []Found, n int) ([]Hypothesis, error) {
	local, err := c.local.Classify(ctx, text, found, n)
	if err != nil || strings.TrimSpace(text) == "" || len(local) > 0 && local[0].Score == 1 {
		return local, err
	}
	answer, ok := c.cache.get(text)
	if !ok {
		if answer, err = c.ask(ctx, text); err != nil {
			if c.options.Failed != nil {
				c.options.Failed(err)
			}
			return local, ctx.Err()
		}
		c.cache.put(text, answer)
	}
	hypotheses := slices.Clone(answer)
	for i := range hypotheses {
		hypotheses[i].Slots = FillSlots(hypotheses[i].Intent, found)
	}
	if n > 0 && len(hypotheses) > n {
		hypotheses = hypotheses[:n]
	}
	return hypotheses, nil
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type question struct {
	Model       string            `json:"model,omitempty"`
	Temperature float64           `json:"temperature"`
	Format      map[string]string `json:"response_format"`
	Messages    []message         `json:"messages"`
}

func (c *Remote) ask(ctx context.Context, text string) ([]Hypothesis, error) {
	ctx, cancel := context.WithTimeout(ctx, RemoteTimeout)
	defer cancel()
	body, err := json.Marshal(question{
		Model: c.options.Model, Format: map[string]string{"type": "json_object"},
		Messages: []message{{Role: "system", Content: c.prompt}, {Role: "user", Content: text}},
	})
	if err != nil {
		return nil, err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.options.URL, "/")+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/json")
	if c.options.Key != "" {
		q.Header.Set("Authorization", "Bearer "+c.options.Key)
	}
	answer, err := c.options.Client.Do(q)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the service answered %d", answer.StatusCode)
	}
	return c.read(data)
}

// read takes the hypotheses out of an answer; paths that the model does not have
// are left out.
func (c *Remote) read(data []byte) ([]Hypothesis, error) {
	var answer struct {
		Choices []struct {
			Message message `json:"message"`
		} `json:"choices"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, fmt.Errorf("the service's answer is no JSON: %w", err)
	}
	if len(answer.Choices) == 0 {
		return nil, errors.New("the service's answer has no choices")
	}
	var content struct {
		Intents []struct {
			Path  string  `json:"path"`
			Score float64 `json:"score"`
		} `json:"intents"`
	}
	if err := json.Unmarshal([]byte(answer.Choices[0].Message.Content), &content); err != nil {
		return nil, fmt.Errorf("the model's answer is no JSON: %w", err)
	}
	best := ranking{}
	for _, said := range content.Intents {
		if intent, ok := c.model.Intent(said.Path); ok {
			best.offer(intent, math.Min(said.Score, 1), "")
		}
	}
	return best.list(c.model), nil
}
