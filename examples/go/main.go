// Finds domains with several Trawl servers in turn, and shows what a refused call says.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	"google.golang.org/grpc/status"

	pb "trawl.example/go/trawlv1"
)

func main() {
	servers := manual.NewBuilderWithScheme("trawl")
	state := resolver.State{}
	for _, address := range os.Args[1:] {
		state.Addresses = append(state.Addresses, resolver.Address{Addr: address})
	}
	servers.InitialState(state)
	channel, err := grpc.NewClient("trawl:///servers", grpc.WithResolvers(servers),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"round_robin": {}}]}`))
	if err != nil {
		log.Fatal(err)
	}
	defer channel.Close()
	trawl := pb.NewContentServiceClient(channel)
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()

	request := &pb.ProcessContentRequest{
		Content: &pb.ProcessContentRequest_Data{Data: []byte("see www.example.com")}}
	for i := 0; i < 100; i++ {
		response, err := trawl.ProcessContent(ctx, request)
		if err != nil {
			log.Fatal(err)
		}
		if i == 0 {
			fmt.Println(response.Findings[0].Value)
		}
	}

	request.Options = &pb.ProcessOptions{ChunkCount: 5000}
	_, err = trawl.ProcessContent(ctx, request)
	for _, detail := range status.Convert(err).Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			fmt.Println(status.Code(err), detail.Reason, detail.Metadata["limit"])
		case *errdetails.BadRequest:
			fmt.Println(detail.FieldViolations[0].Field)
		}
	}
}
