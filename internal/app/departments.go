package app

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"parley/internal/desk"
	"parley/internal/session"
)

func listDepartments(_ context.Context, n *Node, _ struct{}) (any, error) {
	return append([]*desk.Department{}, n.people.Departments()...), nil
}

// newDepartment are the arguments of `parley department create`.
type newDepartment struct {
	Name         string          `json:"name"`
	Strategy     desk.Strategy   `json:"strategy"`
	Sticky       bool            `json:"sticky"`
	Default      bool            `json:"default"`
	RequeueAfter int64           `json:"requeue_after"`
	Hours        json.RawMessage `json:"hours,omitempty"`
	Integrations []string        `json:"integrations,omitempty"`
	Agents       []string        `json:"agents,omitempty"` // ids or e-mails
}

// createDepartment makes a department and puts agents into it.
func createDepartment(ctx context.Context, n *Node, args newDepartment) (any, error) {
	at := n.now()
	dep := &desk.Department{
		ID: session.NewID(at).String(), Name: args.Name, Strategy: args.Strategy, Sticky: args.Sticky, Default: args.Default,
		RequeueAfter: args.RequeueAfter, Integrations: args.Integrations, CreatedMs: at.UnixMilli(),
	}
	if len(args.Hours) > 0 {
		strict := json.NewDecoder(bytes.NewReader(args.Hours))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&dep.Hours); err != nil {
			return nil, session.Invalid("hours", "%s", err.Error())
		}
	}
	for _, id := range args.Integrations {
		if _, known := n.directory.Integration(id); !known {
			return nil, &session.Error{Code: session.CodeIntegrationNotFound, Field: "integrations", Message: "no integration " + id}
		}
	}
	var members []*desk.Agent
	for _, name := range args.Agents {
		agent, err := n.agentNamed(name)
		if err != nil {
			return nil, err
		}
		members = append(members, agent)
	}
	if err := n.people.SaveDepartment(ctx, dep); err != nil {
		return nil, err
	}
	for _, agent := range members {
		_, err := n.people.EditAgent(ctx, agent.ID, func(a *desk.Agent) error {
			a.Departments = append(a.Departments, dep.ID)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	made, _ := n.people.Department(dep.ID)
	return made, nil
}

// deleteDepartment removes a department by id or name.
func deleteDepartment(ctx context.Context, n *Node, args named) (any, error) {
	for _, dep := range n.people.Departments() {
		if dep.ID == args.ID || strings.EqualFold(dep.Name, args.ID) {
			return dep, n.people.DeleteDepartment(ctx, dep.ID)
		}
	}
	return nil, &session.Error{Code: session.CodeNotFound, Field: "department", Message: "no department has this id or name"}
}
