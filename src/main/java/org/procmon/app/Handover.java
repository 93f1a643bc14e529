package org.procmon.app;

import org.procmon.control.server.SocketFile;
import org.procmon.spec.MonitorSpec;

/**
 * What passes from one primary to the next.
 *
 * @param folder the state folder, locked
 * @param socket the control socket, which listens without a break
 * @param spec what the processes are to be
 */
record Handover(StateFolder folder, SocketFile socket, MonitorSpec spec) {}
