package org.procmon.front.application;

import java.util.Optional;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Script;

/** One application for all paths of a route: the prefix names it. */
public record PrefixScript(Members members, Optional<String> root) implements ScriptFinder {
    @Override
    public Optional<Found> find(Exchange exchange) {
        Optional<String> file = root.map(folder -> folder + exchange.path());
        return Optional.of(
                new Found(new Script(exchange.prefix(), exchange.rest(), file, root), members));
    }

    @Override
    public void close() {
        members.close();
    }
}
