package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// answerTimeout is how long an answer may take before the bench fails.
const answerTimeout = 30 * time.Second

// password of everybody at the desk.
const password = "correct mule battery staple"

// person is somebody who is signed in at the desk, with a cookie of his own.
type person struct {
	base   *url.URL
	client *http.Client
}

func newPerson(base string) (*person, error) {
	at, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	return &person{at, &http.Client{Jar: jar, Timeout: answerTimeout}}, err
}

// do asks the desk's API and reads its answer into out, unless that is nil.
func (p *person) do(ctx context.Context, method, path string, body, out any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, p.base.String()+"/desk/api"+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	return answerOf(p.client, request, out)
}

// answerOf sends a request and reads the JSON of its answer.
func answerOf(client *http.Client, request *http.Request, out any) error {
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s answered %s: %.300s", request.Method, request.URL.Path, response.Status, raw)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(raw, out)
}

// accept follows a one-time link and is signed in then.
func accept(ctx context.Context, base, link, name, email string) (*person, error) {
	_, token, found := strings.Cut(link, "/desk/invitations/")
	if !found {
		return nil, fmt.Errorf("%q is no invitation", link)
	}
	p, err := newPerson(base)
	if err != nil {
		return nil, err
	}
	given := map[string]string{"name": name, "password": password}
	if email != "" {
		given["email"] = email
	}
	return p, p.do(ctx, http.MethodPost, "/invitations/"+token, given, nil)
}

// invite makes an agent who is online, with room for so many conversations.
func (p *person) invite(ctx context.Context, n, capacity int) (*person, error) {
	name := fmt.Sprintf("Agent %03d", n)
	var made struct {
		URL string `json:"invitation_url"`
	}
	err := p.do(ctx, http.MethodPost, "/agents", map[string]any{
		"email": fmt.Sprintf("agent%d@desk.example", n), "name": name, "role": "agent", "departments": []string{}, "capacity": capacity,
	}, &made)
	if err != nil {
		return nil, err
	}
	agent, err := accept(ctx, p.base.String(), made.URL, name, "")
	if err != nil {
		return nil, err
	}
	return agent, agent.do(ctx, http.MethodPut, "/me/presence", map[string]string{"presence": "online"}, nil)
}

// cookie is what a browser has to send to be this person.
func (p *person) cookie() (*http.Cookie, error) {
	held := p.client.Jar.Cookies(p.base.ResolveReference(&url.URL{Path: "/desk/api/live"}))
	if len(held) != 1 {
		return nil, fmt.Errorf("%d cookies of the desk, not one", len(held))
	}
	return held[0], nil
}

// counts are the numbers beside the tabs of the list.
type counts struct {
	Mine       int `json:"mine"`
	Unassigned int `json:"unassigned"`
	All        int `json:"all"`
	Snoozed    int `json:"snoozed"`
}

// listed is the part of the list's first page that the bench looks at.
type listed struct {
	Threads []struct {
		ID      string `json:"id"`
		Session string `json:"session_id"`
		Status  string `json:"status"`
	} `json:"threads"`
	Counts counts `json:"counts"`
	Cursor int64  `json:"cursor"`
	Boot   string `json:"boot"`
}

// firstPage asks as the page does.
func (p *person) firstPage(ctx context.Context, tab string) (*listed, error) {
	var found listed
	return &found, p.do(ctx, http.MethodGet, "/threads?tab="+tab+"&sort=waiting&limit=100", nil, &found)
}
