package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
)

// startContext is the document a session begins with: about 1 KiB, as a shop would fill it.
const startContext = `{"user":{"display_name":"Jane Smith","email":"jane.smith@example.com",` +
	`"phone":"+44 20 7946 0958","language":"en","timezone":"Europe/London","gender":"female",` +
	`"avatar":"https://example.com/avatars/4711.png","external_id":"crm-000047110815",` +
	`"location":{"city":"London","country":"GB","region":"England","latitude":51.5072,"longitude":-0.1276},` +
	`"browser":"Firefox 131","platform":"Linux","device":"desktop"},"tags":["web","returning","newsletter"],` +
	`"global":{"disclaimer_accepted":true,"visitor_form_completed":true,` +
	`"client_url":"https://shop.example.com/cart?step=2","ref":"spring-campaign"},` +
	`"order_id":"ORD-2026-0004711","subscription_tier":"gold","preferred_language":"en",` +
	`"cart":{"items":[{"sku":"A-1001","count":2,"price":19.9},{"sku":"B-2002","count":1,"price":249}],` +
	`"currency":"EUR","coupon":null,"total":288.8},"consent":{"marketing":false,"analytics":true},"page":"/cart","step":0}`

// sessionsPerClient keeps a REST client from writing one row over and over, as no back
// end does.
const sessionsPerClient = 16

// play makes the clients of a scenario.
type play func(server target, set settings) (*cast, error)

func scenarios() map[string]play {
	return map[string]play{
		"rest-merge":   restMerge,
		"socket-merge": socketMerge,
		"echo-turn":    echoTurn,
		"cross-turn":   crossTurn,
		"hot-rest":     func(server target, set settings) (*cast, error) { return hotSession(server, set.writers, 0) },
		"hot-mixed": func(server target, set settings) (*cast, error) {
			return hotSession(server, set.writers-set.writers/2, set.writers/2)
		},
	}
}

func scenarioNames() []string {
	return append(slices.Sorted(maps.Keys(scenarios())), idleScenario)
}

// mergePatch changes a few leaves of the document, nested ones too.
func mergePatch(n int) []byte {
	return fmt.Appendf(nil, `{"user":{"language":%q},"cart":{"total":%d.5},"page":"/checkout/%d","step":%d}`,
		[]string{"en", "de", "el"}[n%3], n, n%7, n)
}

// mergedMark is what the whole document must contain after mergePatch.
func mergedMark(n int) []byte {
	return fmt.Appendf(nil, `"step":%d`, n)
}

// require answers an error when the document lacks the value that was just confirmed.
func require(document, mark []byte) error {
	at := bytes.Index(document, mark)
	if at < 0 {
		return fmt.Errorf("%s is missing in %.300s", mark, document)
	}
	if next := at + len(mark); next < len(document) && document[next] >= '0' && document[next] <= '9' {
		return fmt.Errorf("%s is another number in %.300s", mark, document)
	}
	return nil
}

// restMerge: every client merges into its own sessions, one after the other.
func restMerge(server target, set settings) (*cast, error) {
	company := &cast{}
	for i := range set.clients {
		client, err := company.restClient(server.node(i))
		if err != nil {
			return nil, err
		}
		paths := make([]string, sessionsPerClient)
		for i := range paths {
			session, err := client.createSession(rand.Text())
			if err != nil {
				company.leave()
				return nil, err
			}
			paths[i] = server.contextPath(session)
		}
		company.clients = append(company.clients, func(n int) error {
			return client.merge(paths[n%len(paths)], mergePatch(n), mergedMark(n))
		})
	}
	return company, nil
}

// merge sends a patch and checks that the answer shows it.
func (c *restClient) merge(path string, patch, mark []byte) error {
	document, err := c.do("PATCH", path, patch, 200)
	if err != nil {
		return err
	}
	return require(document, mark)
}

// socketMerge: every client has one socket with one session and merges into it.
func socketMerge(server target, set settings) (*cast, error) {
	return socketCast(server, set.clients, func(socket *liveSocket, _ int) operation {
		return func(n int) error { return socket.merge(mergePatch(n), mergedMark(n)) }
	})
}

// merge sends an update and checks that its acknowledgement shows it.
func (s *liveSocket) merge(patch, mark []byte) error {
	document, err := s.emit("session:context:update", s.payload(fmt.Sprintf(`,"context":%s`, patch)), nil)
	if err != nil {
		return err
	}
	return require(document, mark)
}

// echoTurn: every client sends a message and waits for its acknowledgement and for the
// bot's answer to it.
func echoTurn(server target, set settings) (*cast, error) {
	return socketCast(server, set.clients, func(socket *liveSocket, client int) operation {
		return func(n int) error {
			text := fmt.Sprintf("message %d of client %d please", n, client)
			_, err := socket.emit("message:send",
				socket.payload(fmt.Sprintf(`,"channel":"web","input":{"text":%q}`, text)),
				[]byte("You said: "+text))
			return err
		}
	})
}

// crossTurn: every client listens on a socket at one node and speaks over REST to the
// next one, and waits for the bot's answer to arrive at the first.
func crossTurn(server target, set settings) (*cast, error) {
	company := &cast{}
	for i := range set.clients {
		socket, err := company.socket(server.node(i))
		if err == nil {
			err = socket.createSession()
		}
		if err != nil {
			company.leave()
			return nil, err
		}
		client, err := company.restClient(server.node(i + 1))
		if err != nil {
			return nil, err
		}
		path := server.sessionsPath() + "/" + socket.session + "/messages"
		company.clients = append(company.clients, func(n int) error {
			words := fmt.Sprintf("message %d of client %d please", n, i)
			if _, err := client.do("POST", path, fmt.Appendf(nil, `{"input":{"text":%q}}`, words), 202); err != nil {
				return err
			}
			return socket.await([]byte("You said: " + words))
		})
	}
	return company, nil
}

func socketCast(server target, count int, step func(*liveSocket, int) operation) (*cast, error) {
	company := &cast{}
	for i := range count {
		socket, err := company.socket(server.node(i))
		if err == nil {
			err = socket.createSession()
		}
		if err != nil {
			company.leave()
			return nil, err
		}
		company.clients = append(company.clients, step(socket, i))
	}
	return company, nil
}

// restClient joins the cast; so does socket. Both leave with it.
func (c *cast) restClient(server target) (*restClient, error) {
	client, err := dialREST(server)
	if err != nil {
		c.leave()
		return nil, err
	}
	c.leaving = append(c.leaving, client.close)
	return client, nil
}

func (c *cast) socket(server target) (*liveSocket, error) {
	socket, err := dialSocket(server)
	if err != nil {
		return nil, err
	}
	c.leaving = append(c.leaving, socket.close)
	return socket, nil
}
