package org.procmon.front.application;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;
import org.procmon.front.config.FrontLimits;
import org.procmon.front.config.FrontRoute;
import org.procmon.front.config.FrontRoute.Balance;
import org.procmon.front.request.RequestGate;

/**
 * Where the workers of an application listen, and which of them gets a request. One that cannot be
 * reached is left out for a moment. Any thread.
 */
public final class Members {
    private static final String UNIX = "unix:";

    /** How long a member that cannot be reached is left out. */
    private static final long DEAD_NANOS = 1_000_000_000L;

    /** One of them. */
    public static final class Member {
        private final SocketAddress address;
        private final AtomicInteger busy = new AtomicInteger();
        private final LongAdder requests;
        private volatile long deadUntil = System.nanoTime();

        private final IdleConnections kept;

        private Member(String text, LongAdder requests, Scheduler scheduler) {
            this.address = Members.address(text);
            this.requests = requests;
            this.kept = new IdleConnections(scheduler);
        }

        SocketAddress address() {
            return address;
        }

        IdleConnections kept() {
            return kept;
        }

        /** A request goes there. */
        void begin() {
            requests.increment();
            busy.incrementAndGet();
        }

        /** It has been answered, or has failed. */
        void end() {
            busy.decrementAndGet();
        }

        /** It could not be reached. */
        void failed() {
            deadUntil = System.nanoTime() + DEAD_NANOS;
        }

        private boolean isAlive(long now) {
            return now - deadUntil >= 0;
        }
    }

    private final List<Member> members;
    private final Balance balance;
    private final Optional<Member> bell;
    private final RequestGate gate;
    private final RequestCounts counts;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param bell where to ask for a worker; null if they run at all times
     * @param gate admits their requests
     * @param counts of the application
     * @param all has the counts of its sockets
     * @param scheduler closes connections that are not used again
     */
    private Members(
            List<String> addresses,
            @Nullable Balance balance,
            @Nullable String bell,
            RequestGate gate,
            RequestCounts counts,
            ApplicationCounts all,
            Scheduler scheduler) {
        this.gate = gate;
        this.counts = counts;
        this.members =
                addresses.stream()
                        .map(text -> new Member(text, all.ofSocket(text), scheduler))
                        .toList();
        this.balance = balance == null ? Balance.LEAST_CONNECTION : balance;
        this.bell =
                Optional.ofNullable(bell).map(text -> new Member(text, new LongAdder(), scheduler));
    }

    /** Those of an application. */
    public static Members of(
            FrontRoute.Application application,
            FrontLimits limits,
            ApplicationCounts counts,
            Scheduler scheduler) {
        Integer most = application.requests();
        return new Members(
                application.members(),
                application.balance(),
                application.bell(),
                new RequestGate(
                        most == null ? Integer.MAX_VALUE : most,
                        limits.queue(),
                        limits.queueMillis()),
                counts.of(application.nameOrMembers()),
                counts,
                scheduler);
    }

    /** Those that run at all times, get all requests at once, and are not counted. */
    public static Members of(List<String> addresses, Balance balance, Scheduler scheduler) {
        return new Members(
                addresses,
                balance,
                null,
                new RequestGate(Integer.MAX_VALUE, 0, 1),
                new RequestCounts(),
                new ApplicationCounts(),
                scheduler);
    }

    /** Of the application. */
    RequestCounts counts() {
        return counts;
    }

    /** Admits their requests. */
    RequestGate gate() {
        return gate;
    }

    /**
     * Where the monitor is asked for a worker. A request that is sent there ends without an answer
     * when one is ready. Empty if they run at all times.
     */
    Optional<Member> bell() {
        return bell;
    }

    private static SocketAddress address(String text) {
        if (text.startsWith(UNIX)) {
            return UnixDomainSocketAddress.of(BytePath.of(text.substring(UNIX.length())));
        }
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        String bare =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        return new InetSocketAddress(
                bare.isEmpty() ? "127.0.0.1" : bare, Integer.parseInt(text.substring(colon + 1)));
    }

    /** Closes the connections that are not in use. */
    public void close() {
        members.forEach(member -> member.kept().close());
    }

    /** How many there are. */
    public int size() {
        return members.size();
    }

    /**
     * The one that gets a request.
     *
     * @param client its address, by which sticky chooses
     * @param path by which hash chooses
     * @param failed those that have failed with this request
     * @return empty if all have failed
     */
    public Optional<Member> choose(String client, String path, List<Member> failed) {
        if (members.size() == 1) {
            return failed.isEmpty() ? Optional.of(members.getFirst()) : Optional.empty();
        }
        List<Member> rest = new ArrayList<>(members);
        rest.removeAll(failed);
        long now = System.nanoTime();
        List<Member> alive = rest.stream().filter(member -> member.isAlive(now)).toList();
        List<Member> from = alive.isEmpty() ? rest : alive;
        if (from.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (balance) {
                    case LEAST_CONNECTION -> leastBusy(from);
                    case ROUND_ROBIN ->
                            from.get(Math.floorMod(turn.getAndIncrement(), from.size()));
                    case HASH -> highest(from, path);
                    case STICKY -> highest(from, client);
                });
    }

    /** The least busy; one of those by chance, so that none gets all. */
    private static Member leastBusy(List<Member> from) {
        int start = ThreadLocalRandom.current().nextInt(from.size());
        Member best = from.get(start);
        for (int i = 1; i < from.size(); i++) {
            Member other = from.get((start + i) % from.size());
            if (other.busy.get() < best.busy.get()) {
                best = other;
            }
        }
        return best;
    }

    /** By rendezvous hashing: only the keys of a member that is left out move. */
    private static Member highest(List<Member> from, String key) {
        Member best = from.getFirst();
        int most = Integer.MIN_VALUE;
        for (Member member : from) {
            int weight = mixed((member.address + " " + key).hashCode());
            if (weight >= most) {
                most = weight;
                best = member;
            }
        }
        return best;
    }

    /** The finalizer of MurmurHash3: similar texts get different weights. */
    private static int mixed(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
