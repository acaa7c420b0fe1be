package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"time"
)

const (
	parleyName   = "parley"
	baselineName = "baseline"
	startTimeout = 20 * time.Second
)

// contestant starts one server with empty data.
type contestant interface {
	name() string
	start(ctx context.Context) (*server, error)
}

// server is one that runs.
type server struct {
	base        string // URL
	integration string
	key         string
	collect     string // URL whose POST forces a collection
	pid         int
	stop        func() error
}

func prepare(ctx context.Context, dir string, names []string) ([]contestant, error) {
	var all []contestant
	for _, name := range names {
		var who contestant
		var err error
		switch name {
		case baselineName:
			who, err = newBaseline(ctx, dir)
		case parleyName:
			who, err = newParley(ctx, dir)
		default:
			err = fmt.Errorf("unknown server %q; known are %s and %s", name, baselineName, parleyName)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, who)
	}
	return all, nil
}

// freeAddress is a loopback address that nobody listens on at the moment.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// awaitOK polls a URL until it answers 200, the process ends or the time is over.
func awaitOK(ctx context.Context, process *child, url string) error {
	return process.await(ctx, func() error {
		response, err := http.Get(url)
		if err != nil {
			return err
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("GET %s answered %s", url, response.Status)
		}
		return nil
	})
}

// output runs a command to its end and answers its standard output; on failure the
// error carries what it said.
func output(command *exec.Cmd) (string, error) {
	var said, complained strings.Builder
	command.Stdout, command.Stderr = &said, &complained
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", strings.Join(command.Args, " "), err, said.String(), complained.String())
	}
	return said.String(), nil
}
