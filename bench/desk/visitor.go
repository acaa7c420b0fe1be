package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// visitors are the clients of the integration. They speak through one pool of connections.
type visitors struct {
	server   *server
	client   *http.Client
	sessions []string // the first half of them speaks to the bot
}

// openers is how many visitors come at the same time.
const openers = 16

func newVisitors(s *server) *visitors {
	return &visitors{server: s, client: &http.Client{
		Timeout: answerTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: 2 * openers},
	}}
}

func (v *visitors) post(ctx context.Context, path string, body, out any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	url := v.server.base + "/v1/custom/" + v.server.integration + "/sessions" + path
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "apikey "+v.server.key)
	request.Header.Set("Content-Type", "application/json")
	return answerOf(v.client, request, out)
}

// say sends a message and returns when it has been acknowledged.
func (v *visitors) say(ctx context.Context, session, text string) error {
	return v.post(ctx, "/"+session+"/messages", map[string]any{"input": map[string]string{"text": text}}, nil)
}

// arrive opens the conversations: each says two things, every second asks for a person.
func (v *visitors) arrive(ctx context.Context, n int) error {
	v.sessions = make([]string, n)
	failures := make([]error, openers)
	var running sync.WaitGroup
	for one := range openers {
		running.Go(func() {
			for i := one; i < n && failures[one] == nil; i += openers {
				failures[one] = v.enter(ctx, i, n)
			}
		})
	}
	running.Wait()
	return errors.Join(failures...)
}

// enter opens the conversation of the ith of n visitors.
func (v *visitors) enter(ctx context.Context, i, n int) error {
	var opened struct {
		ID string `json:"session_id"`
	}
	err := v.post(ctx, "", map[string]any{
		"channel_user_id": fmt.Sprintf("visitor-%d", i),
		"context": map[string]any{"user": map[string]string{
			"display_name": fmt.Sprintf("%s %s", given[i%len(given)], family[i/len(given)%len(family)]),
			"email":        fmt.Sprintf("visitor%d@shop.example", i),
		}},
	}, &opened)
	if err != nil {
		return err
	}
	v.sessions[i] = opened.ID
	for _, text := range []string{"Hello, I have a question", fmt.Sprintf("Where is my order %d?", 10_000+i)} {
		if err := v.say(ctx, opened.ID, text); err != nil {
			return err
		}
	}
	if i < n/2 {
		return nil
	}
	return v.post(ctx, "/"+opened.ID+"/handover", nil, nil)
}

var (
	given  = []string{"Ada", "Boris", "Chen", "Dina", "Elias", "Fatima", "Goran", "Hana", "Ivan", "Julia", "Kofi", "Lena", "Mikhail", "Nora", "Omar", "Polina"}
	family = []string{"Adler", "Brown", "Costa", "Dvorak", "Evans", "Fischer", "Garcia", "Haas", "Ivanov", "Jensen", "Kim", "Lopez"}
)

// chatter lets visitors write at a rate until ctx ends. What they write moves rows, those
// of the bot twice.
func (v *visitors) chatter(ctx context.Context, rate int) error {
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	var first error
	var once sync.Once
	var running sync.WaitGroup
	defer running.Wait()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			running.Wait()
			return first
		case <-tick.C:
		}
		running.Go(func() {
			session := v.sessions[rand.IntN(len(v.sessions))]
			err := v.say(ctx, session, fmt.Sprintf("And another thing, number %d", n))
			if err != nil && ctx.Err() == nil {
				once.Do(func() { first = err })
			}
		})
	}
}
