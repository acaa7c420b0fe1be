package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// answerTimeout is how long an answer may take before the operation counts as failed.
const answerTimeout = 20 * time.Second

// restClient is one keep-alive HTTP/1.1 connection. It is written out by hand because
// the client shares the cores with the server: what it saves, the server can use.
type restClient struct {
	conn    net.Conn
	reader  *bufio.Reader
	server  target
	request []byte
	body    []byte
}

func dialREST(server target) (*restClient, error) {
	conn, err := net.DialTimeout("tcp", server.address, answerTimeout)
	if err != nil {
		return nil, err
	}
	return &restClient{conn: conn, reader: bufio.NewReaderSize(conn, 16<<10), server: server}, nil
}

func (c *restClient) close() { c.conn.Close() }

// do sends one request and answers the body, which is valid until the next call.
func (c *restClient) do(method, path string, body []byte, want int) ([]byte, error) {
	c.request = fmt.Appendf(c.request[:0],
		"%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: apikey %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		method, path, c.server.address, c.server.key, len(body))
	c.request = append(c.request, body...)
	if err := c.conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return nil, err
	}
	if _, err := c.conn.Write(c.request); err != nil {
		return nil, err
	}
	status, answer, err := readAnswer(c.reader, c.body[:0])
	c.body = answer
	if err != nil {
		return nil, err
	}
	if status != want {
		return nil, fmt.Errorf("%s %s answered %d, not %d: %.200s", method, path, status, want, answer)
	}
	return answer, nil
}

// createSession opens a session with a context document of everyday size.
func (c *restClient) createSession(user string) (string, error) {
	body := fmt.Sprintf(`{"channel_user_id":%q,"context":%s}`, user, startContext)
	answer, err := c.do("POST", c.server.sessionsPath(), []byte(body), 201)
	if err != nil {
		return "", err
	}
	return sessionID(answer)
}

func sessionID(answer []byte) (string, error) {
	var session struct {
		ID string `json:"session_id"`
	}
	if err := json.Unmarshal(answer, &session); err != nil {
		return "", err
	}
	if session.ID == "" {
		return "", fmt.Errorf("no session_id in %.200s", answer)
	}
	return session.ID, nil
}

// readAnswer reads one HTTP/1.1 response and appends its body to body.
func readAnswer(reader *bufio.Reader, body []byte) (status int, answer []byte, err error) {
	line, err := readLine(reader)
	if err != nil {
		return 0, body, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return 0, body, fmt.Errorf("not an HTTP/1.1 status line: %.80q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, body, fmt.Errorf("not an HTTP status: %.80q", line)
	}
	length, chunked, err := readHeaders(reader)
	switch {
	case err != nil:
		return status, body, err
	case chunked:
		answer, err = readChunks(reader, body)
	case length >= 0:
		answer, err = readFull(reader, body, length)
	default:
		return status, body, errors.New("the answer has neither Content-Length nor chunks")
	}
	return status, answer, err
}

func readHeaders(reader *bufio.Reader) (length int, chunked bool, err error) {
	length = -1
	for {
		line, err := readLine(reader)
		if err != nil {
			return length, chunked, err
		}
		if len(line) == 0 {
			return length, chunked, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil || length < 0 {
				return -1, false, fmt.Errorf("bad Content-Length %.40q", value)
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = strings.EqualFold(string(bytes.TrimSpace(value)), "chunked")
		}
	}
}

func readChunks(reader *bufio.Reader, body []byte) ([]byte, error) {
	for {
		line, err := readLine(reader)
		if err != nil {
			return body, err
		}
		size, err := strconv.ParseUint(string(line), 16, 31)
		if err != nil {
			return body, fmt.Errorf("bad chunk size %.40q", line)
		}
		if body, err = readFull(reader, body, int(size)); err != nil {
			return body, err
		}
		if line, err = readLine(reader); err != nil {
			return body, err
		}
		if len(line) != 0 {
			return body, fmt.Errorf("chunk of %d bytes does not end in an empty line", size)
		}
		if size == 0 {
			return body, nil
		}
	}
}

func readFull(reader *bufio.Reader, body []byte, length int) ([]byte, error) {
	start := len(body)
	body = append(body, make([]byte, length)...)
	_, err := io.ReadFull(reader, body[start:])
	return body, err
}

// readLine answers one line without its CRLF, valid until the next read.
func readLine(reader *bufio.Reader) ([]byte, error) {
	line, err := reader.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimRight(line, "\r\n"), nil
}
