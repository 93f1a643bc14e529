package org.procmon.front.application;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.procmon.fastcgi.client.ClientRequest;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.fastcgi.client.Role;
import org.procmon.front.request.Answers;
import org.procmon.front.request.CgiVariables;
import org.procmon.front.request.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application that has to permit each request of a route. If it answers with 200, its {@code
 * Variable-NAME} fields become variables of the request; any other answer goes to the client. If it
 * fails, nothing is permitted. Source: FastCGI specification, section 6.3.
 */
public final class Authorizer {
    private static final Logger LOG = LoggerFactory.getLogger("front");
    private static final int PERMITTED = 200;

    private final Members members;
    private final FastCgiClient client;

    public Authorizer(Members members, FastCgiClient client) {
        this.members = members;
        this.client = client;
    }

    /** The variables that it adds; empty if it has refused, and has answered or could not. */
    public Optional<Map<String, String>> permit(Exchange exchange) throws IOException {
        Map<String, String> variables = CgiVariables.basic(exchange, -1);
        variables.remove("CONTENT_LENGTH");
        variables.put("REQUEST_URI", CgiVariables.uri(exchange));
        Optional<Members.Member> member =
                members.choose(
                        Request.getRemoteAddr(exchange.request()), exchange.path(), List.of());
        if (member.isEmpty()) {
            Answers.send(exchange.response(), 503, "the authorizer cannot be reached");
            return Optional.empty();
        }
        try (FastCgiExchange asked = new FastCgiExchange(client, member.get())) {
            return asked.ask(ClientRequest.of(Role.AUTHORIZER, variables), exchange, PERMITTED);
        } catch (FastCgiExchange.Failed e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("authorizer failed");
            Answers.send(exchange.response(), 502, "the authorizer failed");
            return Optional.empty();
        }
    }

    public void close() {
        members.close();
    }
}
