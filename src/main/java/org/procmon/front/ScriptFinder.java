package org.procmon.front;

import java.util.Optional;

/** Finds the part of a path that names an application. Any thread. */
interface ScriptFinder extends AutoCloseable {
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
