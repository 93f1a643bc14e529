package org.procmon.control.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.EventBatch;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessRow;

/**
 * What HTTP handlers ask of a monitor. Calls block until they are answered. For one thread at a
 * time, but any thread may close it, which ends a waiting call. After a {@link MonitorAway} it is
 * unusable.
 */
public interface MonitorApi extends AutoCloseable {
    /** Makes a new one, by a connection to the monitor. */
    @FunctionalInterface
    interface Connector {
        MonitorApi connect() throws ControlException;
    }

    /** Receives events; returns false to stop. */
    @FunctionalInterface
    interface EventTaker {
        boolean take(EventBatch events);
    }

    /** Makes later calls on behalf of another user, or for this user itself. */
    void actFor(Optional<OnBehalf> sender);

    /**
     * The processes of these names and patterns, the monitors first; all of them for no names.
     *
     * @throws CallFailed with {@link ErrorName#NO_SUCH_PROCESS} if a name matches none
     */
    List<ProcessRow> list(List<String> names) throws ControlException;

    /** As {@link #list}, with resource usage, as the JSON array that the monitor sent. */
    String listAsJson(List<String> names) throws ControlException;

    /**
     * The pools of these names and patterns, as the monitor sent them; all of them for no names. A
     * name that is not that of a pool adds nothing.
     *
     * @throws CallFailed with {@link ErrorName#TIMED_OUT} if the part of the monitor that runs
     *     pools does not answer
     */
    List<PoolRow> pools(List<String> names) throws ControlException;

    /** As {@link #pools}, as the JSON array that the monitor sent. */
    String poolsAsJson(List<String> names) throws ControlException;

    /**
     * The process or the pool of this name, which is no pattern, with the resource usage of a
     * process, as the JSON object that the monitor sent.
     */
    String statusAsJson(String name) throws ControlException;

    /**
     * Why the process or the pool of this name is in its state, as the JSON object that the monitor
     * sent.
     */
    String explainAsJson(String name) throws ControlException;

    /**
     * The last output of a process, or the output after a position.
     *
     * @throws CallFailed with {@link ErrorName#NO_OUTPUT} if the monitor does not keep it
     */
    OutputSlice output(String name, OutputQuery query) throws ControlException;

    /** Sets their goal to up; returns their state after that. */
    List<ProcessRow> start(List<String> names, Wait wait) throws ControlException;

    /** Sets their goal to down; returns their state after that. */
    List<ProcessRow> stop(List<String> names, Wait wait) throws ControlException;

    /** Restarts them; returns their state after that. */
    List<ProcessRow> restart(List<String> names, Wait wait) throws ControlException;

    /**
     * Events, as they happen. The first batch comes at once; without {@code since} it is empty and
     * has the number to resume from. Returns when the monitor ends the stream in order. If the
     * taker stopped it, the connection is unusable.
     *
     * @param since the kept events after this number come first
     * @param names the processes; empty for all events
     */
    void watch(OptionalLong since, List<String> names, EventTaker taker) throws ControlException;

    /** Closes the connection; a call that waits in another thread fails. */
    @Override
    void close();
}
