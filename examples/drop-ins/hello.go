// Says who answers, as hello.fcgi does. It accepts from descriptor 0, or from the socket
// whose path is its argument.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
)

func main() {
	var listener net.Listener // nil: descriptor 0
	if len(os.Args) > 1 {
		var err error
		if listener, err = net.Listen("unix", os.Args[1]); err != nil {
			log.Fatal(err)
		}
	}
	greeting := os.Getenv("GREETING")
	if greeting == "" {
		greeting = "hello"
	}
	log.Fatal(fcgi.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s from %s in Go\n", greeting, r.URL.Path)
	})))
}
