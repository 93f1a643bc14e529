package org.procmon.pair;

import org.procmon.config.MonitorSpec;
import org.procmon.control.server.SocketFile;

/**
 * What one primary passes to the next.
 *
 * @param folder the state directory, locked
 * @param socket the control socket, which listens without a break
 * @param spec the configuration of the processes
 * @param listeners the sockets of pools, which listen without a break too
 */
public record Handover(
        StateFolder folder, SocketFile socket, MonitorSpec spec, ListenerStore listeners) {}
