package program

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

type object = map[string]any

// shop is a customer with an integration: the one that calls the server.
type shop struct {
	t    *testing.T
	base string
	id   string
	key  string
	http *http.Client
}

// shop makes an integration on the command line, while the server runs.
func (s *server) shop(settings object, flags ...string) *shop {
	s.t.Helper()
	args := append([]string{"integration", "create", "--name", "shop"}, flags...)
	if settings != nil {
		raw, err := json.Marshal(settings)
		must(s.t, err)
		args = append(args, "--settings", string(raw))
	}
	made := s.ask(args...)
	id, key := text(made, "integration_id"), text(made, "api_key")
	if id == "" || key == "" {
		s.t.Fatalf("integration create printed %v", made)
	}
	return &shop{s.t, s.base, id, key, &http.Client{Timeout: patience, Transport: &http.Transport{}}}
}

// scripted makes an integration that the bot of these tests answers.
func (s *server) scripted(settings object) *shop {
	s.t.Helper()
	return s.shop(settings, "--bot", bot(s.t, "shop"))
}

// answer of the REST face.
type answer struct {
	status int
	header http.Header
	text   string
	body   any
}

func (a answer) id() string { return text(a.body, "session_id") }

// try sends a request; the error is of the connection.
func (p *shop) try(method, path string, body any, header ...string) (answer, error) {
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		content = strings.NewReader(string(raw))
	}
	req, err := http.NewRequest(method, p.base+path, content)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", "apikey "+p.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := p.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	a := answer{status: res.StatusCode, header: res.Header, text: string(raw)}
	if err == nil && len(raw) > 0 {
		err = json.Unmarshal(raw, &a.body)
	}
	return a, err
}

// call sends a request and demands a status.
func (p *shop) call(status int, method, path string, body any, header ...string) answer {
	p.t.Helper()
	a, err := p.try(method, path, body, header...)
	must(p.t, err)
	if a.status != status {
		p.t.Fatalf("%s %s: status %d, want %d: %s", method, path, a.status, status, a.text)
	}
	return a
}

func (p *shop) sessions() string          { return "/v1/custom/" + p.id + "/sessions" }
func (p *shop) at(id, what string) string { return p.sessions() + "/" + id + what }
func (p *shop) ours(id, what string) string {
	return "/api/v1/integrations/" + p.id + "/sessions/" + id + what
}

// open opens a session and returns its id.
func (p *shop) open(body any) string {
	p.t.Helper()
	return p.call(201, "POST", p.sessions(), body).id()
}

// say sends a text of the user.
func (p *shop) say(id, words string, header ...string) answer {
	p.t.Helper()
	return p.call(202, "POST", p.at(id, "/messages"), object{"input": object{"text": words}}, header...)
}

// talk says something and waits for the answer's first text.
func (p *shop) talk(id, words string) string {
	p.t.Helper()
	message := text(p.say(id, words).body, "message_id")
	said, after, found := "", 0.0, false
	eventually(p.t, "an answer to "+words, func() bool {
		list, next, more := p.newest(id, after)
		for _, m := range list {
			if found && text(m, "author") == "bot" {
				said = text(m, "output", "responses", 0, "text")
				return true
			}
			found = found || text(m, "message_id") == message
		}
		if more {
			after = next
		}
		return false
	})
	return said
}

// transcript reads the messages of a session, dead or alive.
func (p *shop) transcript(id string) []any {
	p.t.Helper()
	list, _ := at(p.call(200, "GET", p.ours(id, "/messages?exact=true&limit=200"), nil).body, "messages").([]any)
	return list
}

// newest reads a page of the messages of the session that the id stands for now,
// and says where a next page begins.
func (p *shop) newest(id string, after float64) (list []any, next float64, more bool) {
	p.t.Helper()
	a, err := p.try("GET", p.ours(id, fmt.Sprintf("/messages?limit=200&after=%.0f", after)), nil)
	must(p.t, err)
	if a.status != 200 {
		return p.transcript(id), 0, false
	}
	list, _ = at(a.body, "messages").([]any)
	next, more = at(a.body, "next_after").(float64)
	return list, next, more
}

// events reads the events of a chain of sessions.
func (p *shop) events(id string) []any {
	p.t.Helper()
	list, _ := at(p.call(200, "GET", p.ours(id, "/events?exact=true&limit=200"), nil).body, "events").([]any)
	return list
}

// show reads a session.
func (p *shop) show(id string) any {
	p.t.Helper()
	return p.call(200, "GET", p.ours(id, ""), nil).body
}

// trusting returns the shop with a client that trusts any certificate, for
// certificates that the test made itself.
func (p *shop) trusting(base string) *shop {
	q := *p
	q.base = base
	q.http = &http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	return &q
}

// at walks a JSON value by keys and indices; nil where there is nothing.
func at(v any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[key]
		case int:
			list, _ := v.([]any)
			if key >= len(list) {
				return nil
			}
			v = list[key]
		}
	}
	return v
}

func text(v any, path ...any) string {
	s, _ := at(v, path...).(string)
	return s
}

// same fails the test unless two values print alike.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
