drop table transceivers;
drop table controllers;
