package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"

	"parley/bench/child"
	"parley/bench/machine"
)

const echoBot = "bench/echobot"

// server is a Parley that runs, with one integration whose conversations go to the desk.
type server struct {
	process     *child.Process
	base        string // URL
	link        string // one-time link of the first admin
	integration string
	key         string
}

// startServer builds Parley and starts it as it comes, with empty data.
func startServer(ctx context.Context, dir string) (*server, error) {
	program, data := filepath.Join(dir, "parley"), filepath.Join(dir, "data")
	if _, err := child.Run(exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/parley")); err != nil {
		return nil, err
	}
	bot, err := filepath.Abs(echoBot)
	if err != nil {
		return nil, err
	}
	said, err := child.Run(exec.CommandContext(ctx, program, "integration", "create", "--data", data,
		"--name", "Shop", "--bot", bot, "--settings", `{"desk":true}`, "--json"))
	if err != nil {
		return nil, err
	}
	var made struct {
		ID  string `json:"integration_id"`
		Key string `json:"api_key"`
	}
	if err := json.Unmarshal([]byte(said), &made); err != nil {
		return nil, fmt.Errorf("parley integration create: %w: %s", err, said)
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), program, "serve",
		"--listen", "127.0.0.1:0", "--metrics-listen", "off", "--data", data)
	process, err := child.Start(command, syscall.SIGTERM, dir)
	if err != nil {
		return nil, err
	}
	s := &server{process: process, integration: made.ID, key: made.Key}
	if err := process.Await(ctx, s.listens); err != nil {
		return nil, errors.Join(err, process.Stop())
	}
	return s, nil
}

var (
	servesPattern = regexp.MustCompile(`serves (http://\S+)`)
	linkPattern   = regexp.MustCompile(`http\S+/desk/invitations/\S+`)
)

// listens reads the address and the admin's link from what the server said.
func (s *server) listens() error {
	said := s.process.Output()
	serves := servesPattern.FindStringSubmatch(said)
	s.link = linkPattern.FindString(said)
	if serves == nil || s.link == "" {
		return errors.New("no address and link of the admin yet")
	}
	s.base = serves[1]
	return nil
}

// usage is what the server has used.
func (s *server) usage() (machine.Usage, error) { return machine.UsageOf(s.process.PID()) }
