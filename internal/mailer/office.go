package mailer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// ErrNoServer is the error of an office without a server.
var ErrNoServer = errors.New("there is no mail server: the operator sets one (smtp)")

// Office sends the letters of the program itself.
type Office struct {
	Server Server // without a host: there is none
	From   string
}

// NewOffice returns the office of a server at an address (host:port, "" for
// none). An empty sender is the user.
func NewOffice(address, user, password, from string) (*Office, error) {
	o := &Office{From: from}
	if o.From == "" {
		o.From = user
	}
	if address == "" {
		return o, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("smtp: %w", err)
	}
	o.Server = Server{Host: host, Port: port, User: user, Password: password}
	return o, nil
}

// Send sends a message in the office's name.
func (o *Office) Send(ctx context.Context, m *Message, at time.Time, id string) error {
	if o.Server.Host == "" {
		return ErrNoServer
	}
	m.From = o.From
	letter, err := m.Letter(at, id)
	if err != nil {
		return err
	}
	return o.Server.Send(ctx, &net.Dialer{}, m, letter)
}
