package main

import (
	"crypto/rand"
	"errors"
	"fmt"
)

// writerPatch sets the one key that belongs to this writer.
func writerPatch(writer, n int) []byte {
	return fmt.Appendf(nil, `{"user":{},"writers":{"w%02d":%d}}`, writer, n)
}

func writerMark(writer, n int) []byte {
	return fmt.Appendf(nil, `"w%02d":%d`, writer, n)
}

// hotSession: all writers merge into one session, each its own key, some over REST and
// some over sockets. Sockets of a session also receive what the others merge.
func hotSession(server target, overREST, overSockets int) (*cast, error) {
	company := &cast{}
	owner, err := company.restClient(server)
	if err != nil {
		return nil, err
	}
	session, err := owner.createSession(rand.Text())
	if err != nil {
		company.leave()
		return nil, err
	}
	confirmed := make([]int, overREST+overSockets)
	for writer := range confirmed {
		send, err := company.writer(server, session, writer < overREST)
		if err != nil {
			company.leave()
			return nil, err
		}
		company.clients = append(company.clients, func(n int) error {
			if err := send(writerPatch(writer, n), writerMark(writer, n)); err != nil {
				return err
			}
			confirmed[writer] = n
			return nil
		})
	}
	company.verify = func() error { return owner.nothingLost(session, confirmed) }
	return company, nil
}

// writer connects one writer of the hot session.
func (c *cast) writer(server target, session string, overREST bool) (func(patch, mark []byte) error, error) {
	if overREST {
		client, err := c.restClient(server)
		if err != nil {
			return nil, err
		}
		path := server.contextPath(session)
		return func(patch, mark []byte) error { return client.merge(path, patch, mark) }, nil
	}
	socket, err := c.socket(server)
	if err != nil {
		return nil, err
	}
	return socket.merge, socket.join(session)
}

// nothingLost reads the document back: every writer's last confirmed value must stand.
func (c *restClient) nothingLost(session string, confirmed []int) error {
	document, err := c.do("PATCH", c.server.contextPath(session), []byte("{}"), 200)
	if err != nil {
		return err
	}
	var lost []error
	for writer, n := range confirmed {
		if err := require(document, writerMark(writer, n)); err != nil {
			lost = append(lost, fmt.Errorf("confirmed and lost: %w", err))
		}
	}
	return errors.Join(lost...)
}
