package main

import (
	"context"
	"fmt"
)

const (
	parleyName   = "parley"
	baselineName = "baseline"
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
