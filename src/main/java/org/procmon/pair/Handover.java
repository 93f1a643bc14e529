package org.procmon.pair;

import org.procmon.config.MonitorSpec;
import org.procmon.control.server.SocketFile;

/**
 * What passes from one primary to the next.
 *
 * @param folder the state folder, locked
 * @param socket the control socket, which listens without a break
 * @param spec what the processes are to be
 */
public record Handover(StateFolder folder, SocketFile socket, MonitorSpec spec) {}
