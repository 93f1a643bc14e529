package org.procmon.front.application;

import java.util.Optional;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Script;

/** Finds the part of a path that names an application. Any thread. */
public interface ScriptFinder extends AutoCloseable {
    /** Empty if the path leads to no application here. */
    Optional<Found> find(Exchange exchange);

    /** Closes the connections that are not in use. */
    @Override
    void close();

    /**
     * What was found.
     *
     * @param script as CGI names it
     * @param members where it listens
     */
    record Found(Script script, Members members) {}
}
