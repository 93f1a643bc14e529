package org.procmon.front;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Phaser;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.front.access.Caller;
import org.procmon.front.access.Forwarding;
import org.procmon.front.access.Gate;
import org.procmon.front.application.ApplicationCounts;
import org.procmon.front.application.Authorizer;
import org.procmon.front.application.ClientWatch;
import org.procmon.front.application.FastCgiTarget;
import org.procmon.front.application.Members;
import org.procmon.front.application.PrefixScript;
import org.procmon.front.application.ProgramFolder;
import org.procmon.front.application.ScriptFiles;
import org.procmon.front.application.ScriptFinder;
import org.procmon.front.config.FrontAuth;
import org.procmon.front.config.FrontConfig;
import org.procmon.front.config.FrontLimits;
import org.procmon.front.config.FrontRoute;
import org.procmon.front.files.FilesTarget;
import org.procmon.front.request.Answers;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Target;
import org.procmon.front.request.Wildcards;
import org.procmon.http.Handler;

/**
 * All routes of a configuration, in their order. After they were replaced, they serve the requests
 * that have entered them to the end. Any thread.
 */
final class Routes implements AutoCloseable {
    /** A route and where it leads. */
    private record Entry(FrontRoute route, Target target, Optional<Authorizer> authorizer) {
        private boolean takes(String host, String path) {
            String prefix = route.prefix();
            boolean isBelow =
                    path.startsWith(prefix)
                            && (path.length() == prefix.length()
                                    || path.charAt(prefix.length()) == '/');
            String wanted = route.host();
            return isBelow
                    && (wanted == null || Wildcards.matches(wanted.toLowerCase(Locale.ROOT), host));
        }

        private boolean handle(Exchange exchange) throws IOException {
            if (authorizer.isEmpty()) {
                return target.handle(exchange);
            }
            Optional<Map<String, String>> granted = authorizer.get().permit(exchange);
            return granted.isEmpty() || target.handle(exchange.with(granted.get()));
        }
    }

    /** The requests in them, and one until they are replaced. */
    private final Phaser uses =
            new Phaser(1) {
                @Override
                protected boolean onAdvance(int phase, int requests) {
                    if (requests == 0) {
                        closeTargets();
                    }
                    return requests == 0;
                }
            };

    private final List<Entry> entries = new ArrayList<>();
    private final Redirects redirects;
    private final boolean compress;
    private final Optional<Gate> gate;

    /**
     * @param control answers the queries of the monitor
     * @param memory of those that log in
     * @throws IOException if a route cannot be served, with the reason
     */
    Routes(
            Server server,
            FrontConfig config,
            FastCgiClient client,
            ClientWatch clients,
            ApplicationCounts counts,
            Handler control,
            Gate.Memory memory)
            throws IOException {
        FrontAuth auth = config.accessOrDefault().auth();
        this.gate = auth == null ? Optional.empty() : Optional.of(new Gate(auth, memory));
        FrontLimits limits = config.limitsOrDefault();
        compress = config.compress();
        redirects = new Redirects(config.sendable(), this::redirect);
        for (FrontRoute route : config.routes()) {
            if (route.auth() && auth == null) {
                throw new IOException("a route asks for a login, and nobody can log in");
            }
            entries.add(
                    new Entry(
                            route,
                            target(
                                    server, route, client, clients, counts, control, limits,
                                    redirects),
                            authorizer(server, route, client)));
        }
    }

    private static Optional<Authorizer> authorizer(
            Server server, FrontRoute route, FastCgiClient client) {
        List<String> members = route.authorizer();
        return members == null
                ? Optional.empty()
                : Optional.of(
                        new Authorizer(
                                Members.of(
                                        members,
                                        FrontRoute.Balance.LEAST_CONNECTION,
                                        server.getScheduler()),
                                client));
    }

    private static Target target(
            Server server,
            FrontRoute route,
            FastCgiClient client,
            ClientWatch clients,
            ApplicationCounts counts,
            Handler control,
            FrontLimits limits,
            Redirects redirects) {
        FrontRoute.Files files = route.files();
        if (files != null) {
            return new FilesTarget(files, route.internal());
        }
        return route.control()
                ? new ControlTarget(control, counts)
                : new FastCgiTarget(
                        scripts(route, limits, counts, server),
                        client,
                        clients,
                        route.strip(),
                        limits.bodyBytes(),
                        redirects);
    }

    private static ScriptFinder scripts(
            FrontRoute route, FrontLimits limits, ApplicationCounts counts, Server server) {
        FrontRoute.Folder folder = route.folder();
        if (folder != null) {
            return new ProgramFolder(folder, limits, counts, server.getScheduler());
        }
        FrontRoute.Application application = route.application();
        if (application == null) {
            throw new IllegalArgumentException("a route without a target");
        }
        Members members = Members.of(application, limits, counts, server.getScheduler());
        String root = application.root();
        String match = route.match();
        return match != null && root != null
                ? new ScriptFiles(members, Path.of(root), match)
                : new PrefixScript(members, Optional.ofNullable(root));
    }

    /** Begins a request; false if they are closed. */
    boolean enter() {
        return uses.register() >= 0;
    }

    /** Ends a request. */
    void leave() {
        int _ = uses.arriveAndDeregister();
    }

    /**
     * Has a request answered, and blocks until it is.
     *
     * @param path decoded, without dot segments
     * @return false if no route has an answer
     */
    boolean handle(Request request, Response response, String path) throws IOException {
        Response own = compress ? new GzipResponse(request, response) : response;
        return handle(new Exchange(request, own, path, "", Optional.empty(), Map.of()), false);
    }

    /** Has the routes answer that are marked for it. */
    private boolean redirect(Exchange exchange, Request redirected, String path)
            throws IOException {
        return handle(
                new Exchange(
                        redirected,
                        exchange.response(),
                        path,
                        "",
                        exchange.user(),
                        exchange.granted()),
                true);
    }

    private boolean handle(Exchange exchange, boolean internal) throws IOException {
        String name = Request.getServerName(exchange.request());
        String host = name == null ? "" : name.toLowerCase(Locale.ROOT);
        for (Entry entry : entries) {
            if (entry.route().internal() == internal && entry.takes(host, exchange.path())) {
                Optional<Caller> caller = Optional.empty();
                if (entry.route().control()
                        && !entry.route().auth()
                        && !Forwarding.isLocal(exchange.request())) {
                    Answers.send(
                            exchange.response(),
                            403,
                            "without 'auth' this is for this machine only");
                    return true;
                }
                if (entry.route().auth()) {
                    caller = gate.orElseThrow().admit(exchange.request(), exchange.response());
                    if (caller.isEmpty()) {
                        return true;
                    }
                }
                if (entry.handle(at(entry, exchange, caller))) {
                    return true;
                }
            }
        }
        return false;
    }

    private Exchange at(Entry entry, Exchange exchange, Optional<Caller> caller) {
        // The monitor itself may see the cookie of a session; an application could use it.
        boolean isSeen = gate.isEmpty() || entry.route().control();
        return new Exchange(
                isSeen ? exchange.request() : Gate.without(exchange.request()),
                exchange.response(),
                exchange.path(),
                entry.route().prefix(),
                caller.map(Caller::name).or(exchange::user),
                caller.map(Caller::variables).orElse(exchange.granted()));
    }

    /** They get no further requests. */
    @Override
    public void close() {
        leave();
    }

    private void closeTargets() {
        entries.forEach(entry -> {
            entry.target().close();
            entry.authorizer().ifPresent(Authorizer::close);
        });
    }
}
