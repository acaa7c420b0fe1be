package lsp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits of a frame, in bytes.
const (
	maxFrame  = 32 << 20
	maxHeader = 4 << 10
)

// errFrame says that the stream is no sequence of frames; it cannot be read on.
var errFrame = errors.New("not a frame of the base protocol")

// readFrame reads one message: headers, an empty line, and the body that
// Content-Length measures. The error is io.EOF between frames.
func readFrame(r *bufio.Reader) ([]byte, error) {
	length, read := -1, 0
	for {
		line, err := readHeader(r)
		if err != nil {
			if errors.Is(err, io.EOF) && line == "" && read == 0 {
				return nil, io.EOF
			}
			return nil, fmt.Errorf("%w: %w", errFrame, err)
		}
		if read += len(line); read > maxHeader {
			return nil, fmt.Errorf("%w: the headers take more than %d bytes", errFrame, maxHeader)
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(name, "Content-Length") {
			continue
		}
		if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil || length < 0 || length > maxFrame {
			return nil, fmt.Errorf("%w: Content-Length is %q, 0 to %d can be read", errFrame, strings.TrimSpace(value), maxFrame)
		}
	}
	if length < 0 {
		return nil, fmt.Errorf("%w: there is no Content-Length", errFrame)
	}
	body, err := io.ReadAll(io.LimitReader(r, int64(length)))
	if err == nil && len(body) < length {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	return body, nil
}

// readHeader reads a line of at most maxHeader bytes.
func readHeader(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxHeader {
			return "", fmt.Errorf("a header takes more than %d bytes", maxHeader)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return string(line), err
		}
	}
}

func writeFrame(w io.Writer, body []byte) error {
	_, err := fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}
