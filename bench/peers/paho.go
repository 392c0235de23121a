// paho <port> <connections>: connects that many clients of Eclipse Paho, each of which subscribes to four filters, and then has them echo QoS 1 messages
// to themselves. Tells as JSON what that cost this process.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

const connecting = 64
const echoSeconds = 3
const payloadBytes = 200

func main() {
	connections, _ := strconv.Atoi(os.Args[2])
	memoryBefore, cpuBefore, started := resident(), cpu(), time.Now()
	clients := make([]mqtt.Client, connections)
	each(connections, func(index int) { clients[index] = connect(os.Args[1], index) })
	seconds, connectCpu := time.Since(started).Seconds(), cpu()-cpuBefore
	debug.FreeOSMemory()
	memory := resident() - memoryBefore
	round, echoCpu := echoes(clients)
	json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"connectionsPerSecond": float64(connections) / seconds,
		"clientMicros":         connectCpu / float64(connections),
		"bytesPerDevice":       memory / float64(connections),
		"echoMicros":           echoCpu / float64(round),
	})
}

func connect(port string, index int) mqtt.Client {
	name := fmt.Sprintf("paho-%06d", index)
	options := mqtt.NewClientOptions().AddBroker("tcp://127.0.0.1:" + port).SetClientID(name).SetKeepAlive(600 * time.Second).SetAutoReconnect(false)
	client := mqtt.NewClient(options)
	wait(client.Connect())
	filters := map[string]byte{}
	for _, topic := range []string{"notify-next", "start-next/accepted", "+/update/accepted", "+/update/rejected"} {
		filters["$aws/things/"+name+"/jobs/"+topic] = 1
	}
	wait(client.SubscribeMultiple(filters, nil))
	return client
}

// echoes has up to 256 clients publish to themselves, each as soon as the last message is back. Returns round trips and their microseconds.
func echoes(clients []mqtt.Client) (int, float64) {
	if len(clients) > 256 {
		clients = clients[:256]
	}
	payload := strings.Repeat("x", payloadBytes)
	var group sync.WaitGroup
	counts := make([]int, len(clients))
	back := make([]chan bool, len(clients))
	for index, client := range clients {
		back[index] = make(chan bool, 1)
		done := back[index]
		wait(client.Subscribe(fmt.Sprintf("echo/%d", index), 1, func(mqtt.Client, mqtt.Message) { done <- true }))
	}
	cpuBefore, end := cpu(), time.Now().Add(echoSeconds*time.Second)
	for index, client := range clients {
		group.Add(1)
		go func(index int, client mqtt.Client) {
			defer group.Done()
			for time.Now().Before(end) {
				wait(client.Publish(fmt.Sprintf("echo/%d", index), 1, false, payload))
				<-back[index]
				counts[index]++
			}
		}(index, client)
	}
	group.Wait()
	total := 0
	for _, count := range counts {
		total += count
	}
	return total, cpu() - cpuBefore
}

func each(count int, act func(int)) {
	indexes := make(chan int)
	var group sync.WaitGroup
	for lane := 0; lane < connecting; lane++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for index := range indexes {
				act(index)
			}
		}()
	}
	for index := 0; index < count; index++ {
		indexes <- index
	}
	close(indexes)
	group.Wait()
}

func wait(token mqtt.Token) {
	if token.Wait(); token.Error() != nil {
		panic(token.Error())
	}
}

// cpu is the processor time of this process so far, in microseconds.
func cpu() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1000
}

func resident() float64 {
	runtime.GC()
	text, _ := os.ReadFile("/proc/self/statm")
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return float64(pages * os.Getpagesize())
}
