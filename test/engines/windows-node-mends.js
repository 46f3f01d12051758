// What Wine 8 can't do and Windows can, and Node takes for granted: loaded into each of Windows' Nodes before anything else.
import { Socket } from "node:net";

// Wine refuses the settings of keep-alive, and Node then gives up the connection: fetch asks for them.
Socket.prototype.setKeepAlive = function setKeepAlive() {
  return this;
};
