package egress

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
)

// Poster sends JSON to services of customers and reads what they answer. It is
// safe for concurrent use.
type Poster struct {
	guard     Guard
	client    *http.Client
	userAgent string
	limit     int64
}

// NewPoster returns a poster that reads answers of at most limit bytes.
func NewPoster(guard Guard, userAgent string, limit int64) *Poster {
	return &Poster{guard: guard, userAgent: userAgent, limit: limit, client: &http.Client{
		Transport:     guard.Wrap(guard.Transport()),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK tells whether the status is 2xx.
func (a *Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// Post sends a body with some headers beside its own. Redirects are answers like
// others. The error holds no URL, which may hold a secret; it is a
// *RefusedError where the guard refuses the place.
func (p *Poster) Post(ctx context.Context, to string, header http.Header, body []byte) (*Answer, error) {
	u, err := p.guard.CheckURL(to)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, withoutURL(err)
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", p.userAgent)
	response, err := p.client.Do(request)
	if err != nil {
		return nil, late(ctx, withoutURL(err))
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, p.limit+1))
	if err != nil {
		return nil, late(ctx, fmt.Errorf("the answer broke off: %w", withoutURL(err)))
	}
	if int64(len(answer)) > p.limit {
		return nil, fmt.Errorf("the answer is longer than %d bytes", p.limit)
	}
	return &Answer{Status: response.StatusCode, Header: response.Header, Body: answer}, nil
}

// late words the error of a call whose time is over.
func late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("no answer in time")
	}
	return err
}

func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}
