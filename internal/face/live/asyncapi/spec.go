package asyncapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Direction is an operation of the description.
type Direction string

// The operations, from the server's side.
const (
	Heard    Direction = "hear"   // events of clients
	Told     Direction = "tell"   // events to clients
	Notified Direction = "notify" // webhooks
)

// Spec is a loaded description. It is safe for concurrent use.
type Spec struct {
	messages map[Direction]map[string]*message // by name, such as session:created

	mu   sync.Mutex
	seen map[*message]bool
}

type message struct {
	payload, headers, ack *jsonschema.Schema
}

// document is the part of an AsyncAPI 3.0 file that is read. References are
// followed by hand, since what they point to is known.
type document struct {
	Version  string `json:"asyncapi"`
	Channels map[string]struct {
		Messages map[string]reference `json:"messages"`
	} `json:"channels"`
	Operations map[Direction]struct {
		Messages []reference `json:"messages"`
	} `json:"operations"`
	Components struct {
		Messages map[string]struct {
			Name    string          `json:"name"`
			Payload json.RawMessage `json:"payload"`
			Headers json.RawMessage `json:"headers"`
			Ack     json.RawMessage `json:"x-ack"`
		} `json:"messages"`
	} `json:"components"`
}

type reference struct {
	Ref string `json:"$ref"`
}

// base is the name under which the file is known to the schema compiler.
const base = "https://parley.invalid/asyncapi.json"

// Load reads a description. Fields of a payload that it does not name are
// refused: the file tells clients to tolerate them, but the tests must not.
func Load(path string) (*Spec, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	text, err := yaml.YAMLToJSON(source)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	compiler, err := compilerOf(text)
	if err != nil {
		return nil, err
	}
	s := &Spec{messages: map[Direction]map[string]*message{}, seen: map[*message]bool{}}
	for direction, operation := range doc.Operations {
		s.messages[direction] = map[string]*message{}
		for _, ref := range operation.Messages {
			name, m, err := doc.message(compiler, ref.Ref)
			if err != nil {
				return nil, err
			}
			s.messages[direction][name] = m
		}
	}
	return s, nil
}

func compilerOf(text []byte) (*jsonschema.Compiler, error) {
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	seal(tree)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	return compiler, compiler.AddResource(base, tree)
}

// seal closes the top level of every payload.
func seal(tree any) {
	root, _ := tree.(map[string]any)
	components, _ := root["components"].(map[string]any)
	messages, _ := components["messages"].(map[string]any)
	for _, one := range messages {
		m, _ := one.(map[string]any)
		if payload, ok := m["payload"].(map[string]any); ok {
			payload["unevaluatedProperties"] = false
		}
	}
}

// message follows operation -> channel -> component.
func (d *document) message(compiler *jsonschema.Compiler, ref string) (string, *message, error) {
	place, key, ok := strings.Cut(strings.TrimPrefix(ref, "#/channels/"), "/messages/")
	target := d.Channels[place].Messages[key].Ref
	id, found := strings.CutPrefix(target, "#/components/messages/")
	component, known := d.Components.Messages[id]
	if !ok || !found || !known {
		return "", nil, fmt.Errorf("%s leads nowhere", ref)
	}
	m := &message{}
	for part, to := range map[string]**jsonschema.Schema{"payload": &m.payload, "headers": &m.headers, "x-ack": &m.ack} {
		raw := map[string]json.RawMessage{"payload": component.Payload, "headers": component.Headers, "x-ack": component.Ack}[part]
		if raw == nil {
			continue
		}
		schema, err := compiler.Compile(base + "#/components/messages/" + id + "/" + part)
		if err != nil {
			return "", nil, err
		}
		*to = schema
	}
	return component.Name, m, nil
}

// Names returns the names of a direction's messages.
func (s *Spec) Names(d Direction) []string { return slices.Sorted(maps.Keys(s.messages[d])) }

// Check holds a payload against the message of a name and notes it as seen.
func (s *Spec) Check(d Direction, name string, payload []byte) error {
	m := s.messages[d][name]
	if m == nil {
		return fmt.Errorf("%s is not described", name)
	}
	if err := validate(m.payload, payload); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, payload)
	}
	s.mark(m)
	return nil
}

// CheckAck holds an acknowledgement against what is described for the event: a
// refusal, or the acknowledgement of its own.
func (s *Spec) CheckAck(name string, payload []byte) error {
	m := s.messages[Heard][name]
	if m == nil {
		return fmt.Errorf("%s is not described", name)
	}
	if m.ack == nil || bytes.Contains(payload, []byte(`"error_code"`)) {
		return nil // the same object as the event, which is checked
	}
	if err := validate(m.ack, payload); err != nil {
		return fmt.Errorf("acknowledgement of %s: %w\n%s", name, err, payload)
	}
	return nil
}

// CheckWebhook holds a webhook against the message of its event_type.
func (s *Spec) CheckWebhook(header http.Header, body []byte) error {
	var named struct {
		EventType string `json:"event_type"`
	}
	if err := json.Unmarshal(body, &named); err != nil {
		return err
	}
	if err := s.Check(Notified, named.EventType, body); err != nil {
		return err
	}
	lower := map[string]string{}
	for name, values := range header {
		lower[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	text, err := json.Marshal(lower)
	if err != nil {
		return err
	}
	if err := validate(s.messages[Notified][named.EventType].headers, text); err != nil {
		return fmt.Errorf("headers of %s: %w\n%s", named.EventType, err, text)
	}
	return nil
}

func validate(schema *jsonschema.Schema, payload []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(payload))
	if err != nil {
		return err
	}
	return schema.Validate(v)
}

func (s *Spec) mark(m *message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[m] = true
}

// Unseen returns the messages of a direction that no test has seen.
func (s *Spec) Unseen(d Direction) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name, m := range s.messages[d] {
		if !s.seen[m] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
