// ferretdb speaks the protocol of MongoDB and keeps its data in a Postgres: for tests, where no mongod can be had.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:27017", "address for clients")
	postgres := flag.String("postgres", "", "URL of an empty Postgres database")
	isolated := flag.Bool("isolated", true, "one command at a time, as if each were atomic")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:      ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:        slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:       "postgresql",
		PostgreSQLURL: *postgres,
	})
	if err != nil {
		log.Fatal(err)
	}
	clients, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		// Waits until the server listens.
		address, err := url.Parse(server.MongoDBURI())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("waiting for connections")
		log.Fatal(newGate(address.Host, *isolated).serve(clients))
	}()
	if err := server.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
